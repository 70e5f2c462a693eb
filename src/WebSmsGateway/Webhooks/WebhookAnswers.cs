using System.Text.Json.Serialization;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>The webhooks of the caller.</summary>
/// <param name="Items">The webhooks, in the order of the configuration.</param>
internal sealed record WebhookList(IReadOnlyList<Webhook> Items);

/// <summary>A webhook and how it fares.</summary>
internal sealed record Webhook
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it sends to.</summary>
    public required string Url { get; init; }

    /// <summary>
    /// <c>active</c>; <c>failing</c>: the last attempt failed, or 1000 messages are parked; <c>paused</c> by the caller; <c>disabled</c> after 410 or
    /// nothing but failures; <c>refused</c>: a rule forbids the address, or its owner has lost the right.
    /// </summary>
    public required WebhookState State { get; init; }

    /// <summary>Why it is failing, disabled or refused; left out where it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>The moment from which messages are delivered; null before the first look at its state.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>For how many seconds the oldest message has been known that is not delivered; 0 where none waits.</summary>
    public required long LagSeconds { get; init; }

    /// <summary>When a delivery last succeeded; null for never.</summary>
    public required DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>The status of the last attempt; null where there was no answer, or no attempt.</summary>
    public required int? LastStatus { get; init; }

    /// <summary>Messages that were given up so that others are not held up. They can be replayed.</summary>
    public required IReadOnlyList<ParkedWebhookMessage> Parked { get; init; }
}

/// <summary>A message that was given up.</summary>
internal sealed record ParkedWebhookMessage
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>When the last attempt ended.</summary>
    public required DateTimeOffset LastTriedAt { get; init; }

    /// <summary>The status of the last attempt; left out where there was no answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LastStatus { get; init; }

    /// <summary>How the last attempt failed.</summary>
    public required OutcomeKind LastFailure { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<WebhookState>))]
internal enum WebhookState
{
    [JsonStringEnumMemberName("active")]
    Active,
    [JsonStringEnumMemberName("failing")]
    Failing,
    [JsonStringEnumMemberName("paused")]
    Paused,
    [JsonStringEnumMemberName("disabled")]
    Disabled,
    [JsonStringEnumMemberName("refused")]
    Refused,
}

/// <summary>The result of a test.</summary>
/// <param name="Delivered">Whether the receiver answered with 2xx.</param>
/// <param name="Status">The status of its answer; left out where there was none.</param>
internal sealed record WebhookTest(
    bool Delivered, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Status);

/// <summary>What is replayed.</summary>
/// <param name="Messages">How many messages are delivered again.</param>
internal sealed record WebhookReplay(int Messages);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(WebhookTest))]
[JsonSerializable(typeof(WebhookReplay))]
internal sealed partial class WebhookJson : JsonSerializerContext;
