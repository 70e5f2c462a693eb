namespace WebSmsGateway.Upstream;

/// <summary>
/// Answers questions for messages. WEBSMS does so in the product, and a modelled WEBSMS in the simulation. A failure is a value. Only the
/// cancellation of the caller is thrown.
/// </summary>
internal interface IUpstream
{
    Task<UpstreamAnswer> AskAsync(UpstreamQuestion question, CancellationToken cancellationToken);
}
