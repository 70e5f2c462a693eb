using WebSmsGateway.Querying;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>A page with what its caches need to know, or the failure.</summary>
internal sealed record PageReading(MessagePage? Page, CacheFacts Facts, UpstreamFailure? Failure);
