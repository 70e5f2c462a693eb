using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Health;

/// <summary>Reports the known state of every dependency. A report causes no call to them.</summary>
/// <remarks>
/// A failure of WEBSMS never makes the process unready. It concerns all replicas, so all would be taken out at once. Callers would get a
/// bare 503 in place of a problem and of the closed days that can still be read. A process without requests would also never learn that
/// WEBSMS has recovered.
/// </remarks>
internal sealed class Readiness(
    UpstreamHistory history, UpstreamResilience resilience, CredentialGuard guard, SilenceAlarm silence, IOptions<CacheOptions> cache,
    TimeProvider clock, IHostApplicationLifetime lifetime, CheckedConfiguration configuration, RedisConnection? redis = null)
{
    // A smaller difference is normal between two clocks.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    /// <summary>The age of the last good answer; null if there was none.</summary>
    public TimeSpan? LastGoodAge => clock.GetUtcNow() - history.Past.LastGoodAt;

    public ReadinessReport Report()
    {
        var upstream = Upstream();
        var redisHealth = new RedisHealth(redis is null ? RedisState.NotConfigured : redis.IsUp ? RedisState.Up : RedisState.Down);
        var clockHealth = Clock();
        var configurationHealth = new ConfigurationHealth(configuration.Faults.Count == 0 ? ConfigurationState.Ok : ConfigurationState.Faulty);
        var numbers = silence.Watched;
        var isWell = upstream is { State: UpstreamState.Ok or UpstreamState.Unknown, Credentials: not CredentialState.HeldBack }
            && redisHealth.State != RedisState.Down
            && clockHealth.State != ClockState.Behind
            && configurationHealth.State != ConfigurationState.Faulty
            && numbers.All(number => number.State != SilenceState.Silent);
        var status = lifetime.ApplicationStopping.IsCancellationRequested ? ReadinessStatus.Stopping
            : isWell ? ReadinessStatus.Ready
            : ReadinessStatus.Degraded;
        return new ReadinessReport(
            status, ProductVersion.Text, upstream, redisHealth, clockHealth, configurationHealth, [.. numbers.Select(Describe)]);
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);

    private UpstreamHealth Upstream()
    {
        var past = history.Past;
        var heldBackFor = guard.HeldBackFor;
        return new UpstreamHealth(
            StateOf(past),
            past.LastGoodAt is { } good ? new LastAnswer(AgeOf(good)) : null,
            past is { LastFailureAt: { } failed, LastFailure: { } failure }
                ? new LastFailure(AgeOf(failed), ProblemTable.Of(failure.Error).Code, failure.ErrorNumber)
                : null,
            resilience.Circuit,
            heldBackFor is not null ? CredentialState.HeldBack : guard.AreProven ? CredentialState.Accepted : CredentialState.Unproven,
            heldBackFor is { } left ? Seconds(left) : null);
    }

    private UpstreamState StateOf(UpstreamPast past) =>
        !past.IsFailing ? (past.LastGoodAt is null ? UpstreamState.Unknown : UpstreamState.Ok)
        : past.LastGoodAt + cache.Value.MaxStale > clock.GetUtcNow() ? UpstreamState.Failing
        : UpstreamState.Down;

    private ClockHealth Clock()
    {
        if (history.Past.NewestRecord is not { } newest)
        {
            return new ClockHealth(ClockState.Unknown, 0, null);
        }

        var behind = newest.Ahead > ClockTolerance;
        return new ClockHealth(behind ? ClockState.Behind : ClockState.Ok, behind ? Seconds(newest.Ahead) : 0, AgeOf(newest.WrittenAt));
    }

    private SilenceHealth Describe(WatchedNumber number) => new(
        number.Entry, number.Masked, number.State, Seconds(number.ExpectWithin), number.LastMessageAt is { } last ? AgeOf(last) : null);

    private double AgeOf(DateTimeOffset moment) => Seconds(clock.GetUtcNow() - moment);
}
