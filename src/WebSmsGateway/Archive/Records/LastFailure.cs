using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Records;

/// <summary>When and why the last fetch of a record failed.</summary>
internal sealed record LastFailure(UpstreamFailure Failure, DateTimeOffset At);
