using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Health;

/// <summary>
/// Puts together what is known of every dependency, without asking any of them.
/// </summary>
/// <remarks>
/// A WEBSMS that fails never makes the process unready, however long. All replicas have the same WEBSMS: they would all be taken out
/// at once, callers would get a bare 503 in place of a problem that says why and of the closed days that are still there, and a
/// process without requests would never learn that WEBSMS is back.
/// </remarks>
internal sealed class Readiness(
    UpstreamHistory history, UpstreamResilience resilience, CredentialGuard guard, SilenceAlarm silence, IOptions<CacheOptions> cache,
    TimeProvider clock, IHostApplicationLifetime lifetime, CheckedConfiguration configuration, RedisConnection? redis = null)
{
    // Below this a clock is as right as clocks are.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    /// <summary>Age of the last good answer; null when there was none.</summary>
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

    /// <summary>Rounded: nobody needs more, and answers stay readable.</summary>
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

    private UpstreamState StateOf(UpstreamPast past)
    {
        if (!past.IsFailing)
        {
            return past.LastGoodAt is null ? UpstreamState.Unknown : UpstreamState.Ok;
        }

        return past.LastGoodAt + cache.Value.MaxStale > clock.GetUtcNow() ? UpstreamState.Failing : UpstreamState.Down;
    }

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
        number.Entry, number.Masked, number.State, Seconds(number.ExpectWithin),
        number.LastMessageAt is { } last ? AgeOf(last) : null);

    private double AgeOf(DateTimeOffset moment) => Seconds(clock.GetUtcNow() - moment);
}
