using System.Text.Json.Serialization;

namespace WebSmsGateway.Webhooks.Delivery;

/// <summary>How an attempt ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OutcomeKind>))]
internal enum OutcomeKind
{
    /// <summary>The receiver answered with 2xx.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>The receiver answered with another status.</summary>
    [JsonStringEnumMemberName("status")]
    Status,

    /// <summary>The receiver did not answer in time.</summary>
    [JsonStringEnumMemberName("timeout")]
    Timeout,

    /// <summary>There was no connection, no trust in its certificate, or no answer on it.</summary>
    [JsonStringEnumMemberName("unreachable")]
    Unreachable,

    /// <summary>The answer was no HTTP, or its headers had no end.</summary>
    [JsonStringEnumMemberName("invalid-answer")]
    InvalidAnswer,

    /// <summary>A rule forbids the address.</summary>
    [JsonStringEnumMemberName("forbidden")]
    Forbidden,
}

/// <summary>The end of an attempt.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Status">The status of the answer; null where there was none.</param>
/// <param name="RetryAfter">How long the receiver asks to wait; null where it does not.</param>
/// <param name="Rule">The rule that forbids the address; null where none does.</param>
internal readonly record struct DeliveryOutcome(OutcomeKind Kind, int? Status = null, TimeSpan? RetryAfter = null, string? Rule = null)
{
    /// <summary>The receiver does not want anything any more.</summary>
    public bool IsGone => Status == 410;

    /// <summary>The receiver, or a server before it, has too much to do.</summary>
    public bool IsThrottled => Status is 429 or 502 or 503 or 504;

    /// <summary>The receiver refuses this message, and not the endpoint, its credentials or the moment.</summary>
    public bool IsRejection => Status is >= 400 and < 500 and not (401 or 403 or 404 or 408 or 410 or 429);
}
