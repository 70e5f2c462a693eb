using System.Security.Cryptography;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace WebSmsGateway.Sandbox;

/// <summary>
/// A receiver of webhooks to look at (<c>--webhooks</c>): it verifies what arrives with the library that receivers use, and prints it with its
/// verdict.
/// </summary>
internal sealed class WebhookPrinter
{
    public const string Option = "webhooks";

    private readonly string secret = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly HashSet<string> known = [];
    private readonly TextWriter output = TextWriter.Synchronized(Console.Out);

    /// <summary>Builds the receiver on a free port.</summary>
    public WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/", (Delegate)ReceiveAsync);
        return app;
    }

    /// <summary>The settings of the gateway that send to the receiver.</summary>
    /// <param name="address">The address of the receiver.</param>
    /// <param name="owner">The name of the key that owns the webhook.</param>
    public Dictionary<string, string?> SettingsFor(string address, string owner) => new()
    {
        ["Webhooks:Endpoints:0:Name"] = "printer",
        ["Webhooks:Endpoints:0:Url"] = address + "/",
        ["Webhooks:Endpoints:0:Secrets:0"] = secret,
        ["Webhooks:Endpoints:0:Owner"] = owner,
        ["Webhooks:Endpoints:0:Events:0"] = "upstream.unavailable",
        ["Webhooks:Endpoints:0:Events:1"] = "upstream.recovered",
        ["Webhooks:AllowNetworks:0"] = "127.0.0.0/8",

        // A sandbox starts without a state, and a day of its messages would hide the new ones.
        ["Webhooks:RecoverWithin"] = "00:01:00",
    };

    private async Task<IResult> ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var id = context.Request.Headers["webhook-id"].ToString();
        var verdict = VerdictOf(body, context.Request.Headers);
        string repeated;
        lock (known)
        {
            repeated = known.Add(id) ? "" : ", repeated";
        }

        await output.WriteLineAsync($"webhook {id}: {verdict}{repeated}\n  {body}");
        return verdict == "verified" ? Results.NoContent() : Results.Unauthorized();
    }

    private string VerdictOf(string body, IHeaderDictionary headers)
    {
        try
        {
            new StandardWebhook(secret).Verify(body, headers);
            return "verified";
        }
        catch (WebhookVerificationException exception)
        {
            return $"NOT verified ({exception.Message})";
        }
    }
}
