using System.Text.Json;
using System.Text.Json.Serialization;
using Polly.CircuitBreaker;

namespace WebSmsGateway.Health;

/// <summary>That the process lives.</summary>
/// <param name="Status">Always <c>live</c>.</param>
/// <param name="Version">The version of the gateway.</param>
internal sealed record LivenessReport(string Status, string Version);

/// <summary>Whether the process can serve.</summary>
internal enum ReadinessStatus
{
    /// <summary>All is well, as far as can be told without asking.</summary>
    Ready,

    /// <summary>It serves, and something is wrong that callers may notice: see what is not well below.</summary>
    Degraded,

    /// <summary>It is about to end and takes no new requests.</summary>
    Stopping,
}

/// <summary>Whether the process can serve, and the state of everything that it depends on.</summary>
/// <param name="Status">The whole in one word.</param>
/// <param name="Version">The version of the gateway.</param>
/// <param name="Upstream">WEBSMS.</param>
/// <param name="Redis">The cache that replicas share.</param>
/// <param name="Clock">Our clock against that of WEBSMS.</param>
/// <param name="Configuration">The configuration that was read last.</param>
/// <param name="Silence">The rented numbers with an expectation, in the order of the configuration.</param>
internal sealed record ReadinessReport(
    ReadinessStatus Status, string Version, UpstreamHealth Upstream, RedisHealth Redis, ClockHealth Clock,
    ConfigurationHealth Configuration, IReadOnlyList<SilenceHealth> Silence)
{
    /// <summary>The report without anything about traffic and numbers.</summary>
    [JsonIgnore]
    public ReadinessSummary Summary => new(
        Status, Version, new UpstreamSummary(Upstream.State, Upstream.Circuit, Upstream.Credentials), Redis, new ClockSummary(Clock.State),
        Configuration);
}

/// <summary>Whether the process can serve, for anyone.</summary>
/// <param name="Status">The whole in one word. A silent number degrades it too.</param>
/// <param name="Version">The version of the gateway.</param>
/// <param name="Upstream">WEBSMS.</param>
/// <param name="Redis">The cache that replicas share.</param>
/// <param name="Clock">Our clock against that of WEBSMS.</param>
/// <param name="Configuration">The configuration that was read last.</param>
internal sealed record ReadinessSummary(
    ReadinessStatus Status, string Version, UpstreamSummary Upstream, RedisHealth Redis, ClockSummary Clock,
    ConfigurationHealth Configuration);

/// <inheritdoc cref="UpstreamHealth"/>
internal sealed record UpstreamSummary(UpstreamState State, CircuitState Circuit, CredentialState Credentials);

/// <inheritdoc cref="ClockHealth"/>
internal sealed record ClockSummary(ClockState State);

/// <summary>The state of WEBSMS as its last answers tell it.</summary>
/// <param name="State">
/// <c>unknown</c>: not asked yet. <c>ok</c>: the last attempt was answered. <c>failing</c>: it was not, and the last good answer can
/// still be served. <c>down</c>: that is too old now (<c>Cache:MaxStale</c>); closed days are served all the same.
/// </param>
/// <param name="LastGood">The last good answer; null when there was none.</param>
/// <param name="LastFailed">The last failed attempt; null when there was none.</param>
/// <param name="Circuit"><c>closed</c>: calls go out; <c>open</c>: they are held back; <c>half-open</c>: the next one decides.</param>
/// <param name="Credentials">
/// <c>unproven</c>, <c>accepted</c>, or <c>held-back</c>: rejected, so that calls are held back for a while.
/// </param>
/// <param name="HeldBackForSeconds">How long calls are still held back; null when they are not.</param>
internal sealed record UpstreamHealth(
    UpstreamState State, LastAnswer? LastGood, LastFailure? LastFailed, CircuitState Circuit, CredentialState Credentials,
    double? HeldBackForSeconds);

internal enum UpstreamState { Unknown, Ok, Failing, Down }

internal enum CredentialState { Unproven, Accepted, HeldBack }

/// <summary>An answer.</summary>
/// <param name="AgeSeconds">How long ago it was there.</param>
internal sealed record LastAnswer(double AgeSeconds);

/// <summary>A failure.</summary>
/// <param name="AgeSeconds">How long ago it was.</param>
/// <param name="Code">The problem code that callers see.</param>
/// <param name="ErrorNumber">The <c>error_num</c> of WEBSMS, if it gave one.</param>
internal sealed record LastFailure(double AgeSeconds, string Code, int? ErrorNumber);

/// <summary>The cache that replicas share.</summary>
/// <param name="State"><c>not-configured</c>, <c>up</c> or <c>down</c>: everything works without it, with more calls to WEBSMS.</param>
internal sealed record RedisHealth(RedisState State);

internal enum RedisState { NotConfigured, Up, Down }

/// <summary>Our clock against that of WEBSMS.</summary>
/// <param name="State">
/// <c>unknown</c>: no message seen yet. <c>ok</c>: the newest message was not written in our future. <c>behind</c>: it was, so our
/// clock is behind, that of WEBSMS is ahead, or <c>Upstream:TimeZone</c> is wrong.
/// </param>
/// <param name="BehindBySeconds">By how much at least.</param>
/// <param name="NewestRecordAgeSeconds">Age of the newest message seen; null when there was none.</param>
internal sealed record ClockHealth(ClockState State, double BehindBySeconds, double? NewestRecordAgeSeconds);

internal enum ClockState { Unknown, Ok, Behind }

/// <summary>The configuration.</summary>
/// <param name="State">
/// <c>ok</c>, or <c>faulty</c>: the last change has faults. What was in force before still is, and the log has a line for each fault.
/// </param>
internal sealed record ConfigurationHealth(ConfigurationState State);

internal enum ConfigurationState { Ok, Faulty }

/// <summary>A rented number from which messages are expected.</summary>
/// <param name="Entry">Its place in the configuration.</param>
/// <param name="Number">The number, masked.</param>
/// <param name="State">
/// <c>unknown</c>: WEBSMS has not told enough. <c>ok</c>. <c>silent</c>: nothing arrived for longer than expected.
/// </param>
/// <param name="ExpectWithinSeconds">The longest silence that is normal.</param>
/// <param name="LastMessageAgeSeconds">Age of its last message; null when none is known.</param>
internal sealed record SilenceHealth(
    string Entry, string Number, SilenceState State, double ExpectWithinSeconds, double? LastMessageAgeSeconds);

/// <summary>Source-generated JSON of the health answers. It alone writes states: <c>HeldBack</c> is <c>held-back</c>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, Converters =
[
    typeof(State<ReadinessStatus>), typeof(State<UpstreamState>), typeof(State<CircuitState>), typeof(State<CredentialState>),
    typeof(State<RedisState>), typeof(State<ClockState>), typeof(State<ConfigurationState>), typeof(State<SilenceState>),
])]
[JsonSerializable(typeof(LivenessReport))]
[JsonSerializable(typeof(ReadinessReport))]
[JsonSerializable(typeof(ReadinessSummary))]
internal sealed partial class HealthJson : JsonSerializerContext
{
    private sealed class State<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
        where T : struct, Enum;
}
