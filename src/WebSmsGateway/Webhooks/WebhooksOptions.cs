using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Webhooks;

/// <summary>Where messages are sent to as they arrive: section <c>Webhooks</c>.</summary>
internal sealed class WebhooksOptions
{
    public const string Section = "Webhooks";

    /// <summary>
    /// The endpoints. With at least one that is not paused or disabled, the gateway asks WEBSMS around the clock. Default: none.
    /// </summary>
    [AppliesOnReload]
    public List<WebhookEndpointOptions> Endpoints { get; set; } = [];

    /// <summary>
    /// Networks that may be sent to although they are not public, over http too, such as <c>10.1.2.0/24</c>. Loopback and link-local addresses
    /// are opened only by a network that lies wholly inside of them. Default: none.
    /// </summary>
    [AppliesOnReload]
    public List<string> AllowNetworks { get; set; } = [];

    /// <summary>
    /// An egress proxy, <c>http://proxy:3128</c>. With it the rules of the proxy decide which addresses are reached. Default: none.
    /// </summary>
    [AppliesOnReload]
    public Uri? Proxy { get; set; }

    /// <summary>How long one message is tried before it is parked. Default: <c>3.00:00:00</c>; 1 min to 30 days.</summary>
    [AppliesOnReload]
    public TimeSpan ParkAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>After how long with nothing but failures an endpoint is disabled. Default: <c>5.00:00:00</c>; 1 min to 60 days.</summary>
    [AppliesOnReload]
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>How long one attempt may take in all. Default: <c>00:00:15</c>; 1 s to 1 min.</summary>
    [AppliesOnReload]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How far back an endpoint begins whose state was lost, or whose store never had any. What was delivered from then on is delivered again,
    /// with the same ids. Default: <c>1.00:00:00</c>; 1 min to 60 days.
    /// </summary>
    [AppliesOnReload]
    public TimeSpan RecoverWithin { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// The directory for the state of endpoints where there is no Redis; one process at a time. Default: none: state lies in memory, and a restart
    /// loses it.
    /// </summary>
    public string? StateDirectory { get; set; }
}

/// <summary>One endpoint: <c>Webhooks:Endpoints:n</c>.</summary>
internal sealed class WebhookEndpointOptions
{
    /// <summary>Its name; unique; letters, digits and <c>. _ -</c>, at most 64. An endpoint with a new name begins anew. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where to send: https, or http within <c>AllowNetworks</c>. Required.</summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// <c>whsec_</c> and 24 to 64 bytes in base64, one or two: all sign, so that a receiver can change to the next one.
    /// <c>WebSmsGateway new-webhook</c> prints one. Required.
    /// </summary>
    [Secret]
    public List<string> Secrets { get; set; } = [];

    /// <summary>The name of the API key that sees the endpoint and whose rights it has. Required.</summary>
    public string Owner { get; set; } = "";

    /// <summary>The numbers, within those of the owner; a list or one line with commas. Default: those of the owner.</summary>
    public NumberList Numbers { get; set; } = [];

    /// <summary>Only messages of this sender. Default: any.</summary>
    public string? Sender { get; set; }

    /// <summary>Only messages with this text, in any letter case; not for an owner that reads codes only. Default: any.</summary>
    public string? Contains { get; set; }

    /// <summary>Only messages with a one-time code. Default: false.</summary>
    public bool HasCode { get; set; }

    /// <summary><c>full</c>, or <c>thin</c> for neither text nor code. Default: <c>full</c>.</summary>
    public WebhookPayload Payload { get; set; }

    /// <summary>
    /// Further types: <c>number.silent</c>, <c>number.heard</c>, <c>upstream.unavailable</c>, <c>upstream.recovered</c>. Default: none.
    /// </summary>
    public List<string> Events { get; set; } = [];

    /// <summary>
    /// Nothing that was received before this moment is delivered: RFC 3339 with offset, such as <c>2026-11-26T10:00:00+03:00</c>. A new endpoint
    /// begins there. Default: none.
    /// </summary>
    public string? Since { get; set; }
}

/// <summary>What a body has of a message.</summary>
internal enum WebhookPayload
{
    /// <summary>Everything that the owner may read.</summary>
    Full,

    /// <summary>Neither text nor code.</summary>
    Thin,
}
