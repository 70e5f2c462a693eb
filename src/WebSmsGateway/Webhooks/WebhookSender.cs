using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Webhooks.Delivery;
using WebSmsGateway.Webhooks.Sending;

namespace WebSmsGateway.Webhooks;

/// <summary>
/// Makes attempts. One deadline covers all of an attempt, and the status is all that is taken from an answer, whatever else the receiver sends.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    // Enough for a polite answer, so that its connection can be used again.
    private const int MostBytes = 4096;

    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(1);
    private static readonly string UserAgent = "WebSmsGateway/" + ProductVersion.Text.Split('+')[0];

    private readonly TimeProvider clock;
    private volatile Way way;

    public WebhookSender(InForce<WebhooksOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        way = Way.Of(options.Value, before: null);

        // Attempts that are on their way end on the connections that they have.
        options.Follow(current => way = Way.Of(current, way));
    }

    /// <summary>Which rule refuses an address, by name or by what the name resolves to; null for none.</summary>
    public Task<string?> RefusesAsync(Uri url, CancellationToken cancellationToken) => way.Connector.RefusesAsync(url, cancellationToken);

    /// <summary>Whether an address can be found now.</summary>
    public Task<bool> ResolvesAsync(Uri url, CancellationToken cancellationToken) => way.Connector.ResolvesAsync(url, cancellationToken);

    /// <summary>Makes one attempt.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="id">The id of what is sent.</param>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    public async Task<DeliveryOutcome> SendAsync(WebhookEndpoint endpoint, string id, byte[] body, CancellationToken cancellationToken)
    {
        var current = way;
        // Real time in tests too, because a receiver has a clock of its own.
        using var timeout = new CancellationTokenSource(current.Timeout, TimeProvider.System);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = RequestOf(endpoint, id, body);
        try
        {
            using var response = await current.Client.SendAsync(request, ended.Token);
            await DrainAsync(response, ended.Token);
            var status = (int)response.StatusCode;
            return status is >= 200 and < 300
                ? new DeliveryOutcome(OutcomeKind.Delivered, status)
                : new DeliveryOutcome(OutcomeKind.Status, status, RetryAfterOf(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The deadline of the attempt, or that of its connection.
            return new DeliveryOutcome(OutcomeKind.Timeout);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or AuthenticationException)
        {
            return OutcomeOf(exception);
        }
    }

    public void Dispose() => way.Client.Dispose();

    private HttpRequestMessage RequestOf(WebhookEndpoint endpoint, string id, byte[] body)
    {
        var now = clock.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url)
        {
            Content = new ByteArrayContent(body),
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("User-Agent", UserAgent);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(id, now, body, endpoint.Secrets));
        return request;
    }

    // The status is known. What follows is read for the sake of the connection, and a receiver that makes it long loses the connection.
    private static async Task DrainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestDrain, TimeProvider.System);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(ended.Token);
            var buffer = new byte[MostBytes];
            await content.ReadAtLeastAsync(buffer, MostBytes, throwOnEndOfStream: false, ended.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // It changes nothing about the status.
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    private static DeliveryOutcome OutcomeOf(Exception exception)
    {
        if (TargetForbiddenException.Behind(exception) is { } forbidden)
        {
            return new DeliveryOutcome(OutcomeKind.Forbidden, Rule: forbidden.Message);
        }

        return exception is HttpRequestException
        { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.ResponseEnded }
            ? new DeliveryOutcome(OutcomeKind.InvalidAnswer)
            : new DeliveryOutcome(OutcomeKind.Unreachable);
    }

    /// <summary>How receivers are reached.</summary>
    private sealed record Way(string MadeFrom, TargetConnector Connector, HttpMessageInvoker Client, TimeSpan Timeout)
    {
        public static Way Of(WebhooksOptions options, Way? before)
        {
            var madeFrom = $"{string.Join(' ', options.AllowNetworks)}\n{options.Proxy}";
            if (before?.MadeFrom == madeFrom)
            {
                return before with { Timeout = options.Timeout };
            }

            var networks = TargetNetworks.TryParse(options.AllowNetworks, out var parsed, out var fault)
                ? parsed!
                : throw new InvalidOperationException(fault);
            var connector = new TargetConnector(networks, options.Proxy);
            return new Way(madeFrom, connector, new HttpMessageInvoker(connector.CreateHandler()), options.Timeout);
        }
    }
}
