using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>A receiver of webhooks on its own port. It verifies with the public library, and answers as the test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(4);

    private readonly WebApplication app;
    private readonly StandardWebhook library;
    private int current;

    private WebhookReceiver(WebApplication app)
    {
        this.app = app;
        Secret = NewSecret();
        library = new StandardWebhook(Secret);
        app.MapPost("/hook", ReceiveAsync);
    }

    public Uri Address => new(app.Urls.First() + "/hook");

    public string Secret { get; }

    /// <summary>The status for a request; 204 unless the test sets another.</summary>
    public Func<ReceivedWebhook, int> Answer { get; set; } = static _ => StatusCodes.Status204NoContent;

    /// <summary>What happens before the answer, such as a delay.</summary>
    public Func<ReceivedWebhook, CancellationToken, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>All requests, in order.</summary>
    public ConcurrentQueue<ReceivedWebhook> Received { get; } = new();

    /// <summary>The requests that were answered with 2xx.</summary>
    public IReadOnlyList<ReceivedWebhook> Taken => [.. Received.Where(request => request.Status is >= 200 and < 300)];

    /// <summary>The most requests at the same time.</summary>
    public int MostAtOnce { get; private set; }

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        await receiver.app.StartAsync();
        return receiver;
    }

    public static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var received = new ReceivedWebhook(
            context.Request.Headers["webhook-id"].ToString(), body, IsVerified(body, context.Request.Headers),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref current));
        try
        {
            Received.Enqueue(received);
            await Before(received, context.RequestAborted);
            received.Status = Answer(received);
            context.Response.StatusCode = received.Status;
            if (received.Status is 301 or 302 or 307 or 308)
            {
                context.Response.Headers.Location = "/hook";
            }
        }
        finally
        {
            Interlocked.Decrement(ref current);
        }
    }

    // The library verifies by the clock of the machine. For the clock of a test it makes the signature that is expected.
    private bool IsVerified(string body, IHeaderDictionary headers)
    {
        try
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(headers["webhook-timestamp"].ToString()));
            if ((TimeProvider.System.GetUtcNow() - at).Duration() > Tolerance)
            {
                return library.Sign(headers["webhook-id"].ToString(), at, body) == headers["webhook-signature"];
            }

            library.Verify(body, headers);
            return true;
        }
        catch (WebhookVerificationException)
        {
            return false;
        }
    }
}

/// <summary>A request that a receiver got.</summary>
internal sealed record ReceivedWebhook(string Id, string Body, bool IsVerified, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The status that it was answered with; 0 for none.</summary>
    public int Status { get; set; }

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    public string Text => Json.GetProperty("data").GetProperty("text").GetString()!;

    public string Cursor => Json.GetProperty("cursor").GetString()!;
}

/// <summary>The configuration of endpoints.</summary>
internal static class WebhookSettings
{
    /// <summary>The settings of an endpoint on this machine, which belongs to the key of all numbers.</summary>
    public static (string Key, string? Value)[] Of(WebhookReceiver receiver, params (string Key, string? Value)[] settings) =>
        Of(receiver, 0, "shop", settings);

    public static (string Key, string? Value)[] Of(WebhookReceiver receiver, int index, string name, params (string Key, string? Value)[] settings) =>
        Of(receiver.Address, receiver.Secret, index, name, settings);

    public static (string Key, string? Value)[] Of(
        Uri address, string secret, int index, string name, params (string Key, string? Value)[] settings) =>
    [
        ($"Webhooks:Endpoints:{index}:Name", name),
        ($"Webhooks:Endpoints:{index}:Url", address.ToString()),
        ($"Webhooks:Endpoints:{index}:Secrets:0", secret),
        ($"Webhooks:Endpoints:{index}:Owner", "all"),
        ("Webhooks:AllowNetworks:0", "127.0.0.0/8"),
        .. settings.Select(setting => setting.Key.Contains(':', StringComparison.Ordinal) && setting.Key.Split(':')[0] is not ("Events" or "Numbers")
            ? setting
            : ($"Webhooks:Endpoints:{index}:{setting.Key}", setting.Value)),
    ];
}
