using WebSmsGateway.Configuration;

namespace WebSmsGateway.Webhooks;

/// <summary>Says of each endpoint whether its address may be sent to now.</summary>
internal sealed class WebhookAddresses(InForce<WebhooksOptions> options, WebhookSender sender)
{
    // A name server that does not answer must not hold up the command.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<string>> DescribeAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(options.Value.Endpoints.Select(endpoint => DescribeAsync(endpoint, cancellationToken)));

    private async Task<string> DescribeAsync(WebhookEndpointOptions endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await JudgeAsync(endpoint, cancellationToken).WaitAsync(Timeout, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            return $"Warning: webhook {endpoint.Name}: its name was not resolved within {Timeout.TotalSeconds:0} s.";
        }
    }

    private async Task<string> JudgeAsync(WebhookEndpointOptions endpoint, CancellationToken cancellationToken) =>
        await sender.RefusesAsync(endpoint.Url!, cancellationToken) is { } rule ? $"Warning: webhook {endpoint.Name} is refused: {rule}."
        : !await sender.ResolvesAsync(endpoint.Url!, cancellationToken) ? $"Warning: webhook {endpoint.Name}: its name has no address now."
        : $"Webhook {endpoint.Name}: no rule refuses its address.";
}
