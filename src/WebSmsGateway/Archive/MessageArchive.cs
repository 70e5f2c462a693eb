using Microsoft.Extensions.Options;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>
/// All messages that WEBSMS reported, by day: from memory, from Redis, or from WEBSMS itself, in this order. However many
/// callers ask, each missing day is asked for once.
/// </summary>
internal sealed class MessageArchive(
    MemoryTier memory, ScopeFetch fetcher, RecordLifetimes lifetimes, AccountZone zone, IOptions<CacheOptions> options,
    IOptions<UpstreamOptions> upstream, TimeProvider clock)
{
    private readonly TimeSpan retryInterval =
        Shorter(options.Value.Freshness, TimeSpan.FromSeconds(5));

    /// <summary>The records that serve a number: its own, or the whole account's.</summary>
    public Scope ScopeOf(RentedNumber? number) => upstream.Value.Scope == UpstreamScope.Account ? Scope.Account : new Scope(number);

    /// <summary>Reads a range of days, the last of them at most today.</summary>
    /// <param name="scope">What <see cref="ScopeOf"/> gave.</param>
    /// <param name="first">First local day.</param>
    /// <param name="last">Last local day, inclusive; days that are still to come are left out.</param>
    /// <param name="cancellationToken">Stops waiting; what is on its way goes on for the others.</param>
    public Task<ArchiveRead> ReadAsync(Scope scope, DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        ReadAsync(scope, first, last, renewAfter: null, cancellationToken);

    /// <summary>Reads the open day, and asks anew if the last question is older than the freshness: for those who watch.</summary>
    public Task<ArchiveRead> WatchAsync(Scope scope, DateOnly first, CancellationToken cancellationToken) =>
        ReadAsync(scope, first, zone.DayOf(clock.GetUtcNow()), options.Value.Freshness, cancellationToken);

    private async Task<ArchiveRead> ReadAsync(
        Scope scope, DateOnly first, DateOnly last, TimeSpan? renewAfter, CancellationToken cancellationToken)
    {
        using var span = GatewayTraces.Read();
        var now = clock.GetUtcNow();
        var today = zone.DayOf(now);
        last = last < today ? last : today;
        var days = Math.Max(0, last.DayNumber - first.DayNumber + 1);
        var records = new DayRecord?[days];
        List<(int Index, DayState State)>? awaited = null;
        List<DayFetch>? mine = null;
        UpstreamFailure? staleBecause = null;
        for (var i = 0; i < days; i++)
        {
            var need = Need.Nothing;
            var state = memory.Look(
                new DayKey(scope, first.AddDays(i)),
                (record, lastFailure, isAsked) =>
                    (need = NeedOf(record, lastFailure, isAsked, now, renewAfter)) is not (Need.Nothing or Need.ServeStale),
                out var fetch);
            if (fetch is not null)
            {
                (mine ??= []).Add(fetch);
            }

            records[i] = state.Record;
            if (need == Need.Fetch)
            {
                (awaited ??= []).Add((i, state));
            }
            else if (need is Need.ServeStale or Need.ServeStaleAndRetry)
            {
                staleBecause = state.LastFailure!.Failure;
            }
        }

        if (mine is not null)
        {
            fetcher.Start(scope, mine);
        }

        GatewayMetrics.RecordsRead(MetricLabel.Of(DaySource.Memory), days - (awaited?.Count ?? 0));
        var source = DaySource.Memory;
        foreach (var (index, state) in awaited ?? [])
        {
            if (mine is null || !mine.Contains(state.Fetch!))
            {
                GatewayMetrics.RecordAwaited();
            }

            var outcome = await state.Fetch!.Completed.WaitAsync(cancellationToken);
            GatewayMetrics.RecordsRead(MetricLabel.Of(outcome.Source), 1);
            source = outcome.Source > source ? outcome.Source : source;
            records[index] = outcome.Record ?? state.Record;
            if (outcome.Failure is { } failure)
            {
                if (records[index] is not { } held || lifetimes.StaleUntil(held) <= clock.GetUtcNow())
                {
                    span.Ended(MetricLabel.Of(failure.Error));
                    return new ArchiveRead { Failure = failure, Freshness = new Freshness(default, null, source) };
                }

                staleBecause = failure;
            }
        }

        if (staleBecause is not null)
        {
            GatewayMetrics.StaleServed(MetricLabel.Of(staleBecause.Error));
        }

        span.Read(days, MetricLabel.Of(source), staleBecause is not null);
        return Describe(records!, first, staleBecause, source);
    }

    private Need NeedOf(DayRecord? record, LastFailure? lastFailure, bool isAsked, DateTimeOffset now, TimeSpan? renewAfter)
    {
        if (record is null)
        {
            return Need.Fetch;
        }

        var isDue = renewAfter is { } age && !record.IsFinal && now - record.AskedAt >= age;
        if (now < lifetimes.ExpiresAt(record) && !isDue)
        {
            return lastFailure is null && now >= lifetimes.RenewsAt(record) ? Need.Renew : Need.Nothing;
        }

        // While WEBSMS fails nobody waits for the next failure: the last good answer is served and renewed beside.
        if (lastFailure is null || now >= lifetimes.StaleUntil(record))
        {
            return Need.Fetch;
        }

        var since = now - lastFailure.At;
        if ((isAsked && renewAfter is null) || since < Shorter(retryInterval, lastFailure.Failure.RetryAfter ?? retryInterval))
        {
            return Need.ServeStale;
        }

        // A failure that nobody followed up tells nothing about now: a rare reader waits for the truth. So does who watches: the
        // end of an outage is news, and is told when it is known and not one pause later.
        return renewAfter is null && since < 2 * retryInterval ? Need.ServeStaleAndRetry : Need.Fetch;
    }

    private ArchiveRead Describe(DayRecord[] records, DateOnly first, UpstreamFailure? staleBecause, DaySource source)
    {
        var completeUntil = zone.StartOf(first);
        var (freshUntil, renewsAt) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        var gapless = true;
        foreach (var record in records)
        {
            var expires = lifetimes.ExpiresAt(record);
            freshUntil = expires < freshUntil ? expires : freshUntil;
            var renews = lifetimes.RenewsAt(record);
            renewsAt = renews < renewsAt ? renews : renewsAt;
            if (gapless)
            {
                completeUntil = lifetimes.CompleteUntil(record);
                gapless = completeUntil >= zone.EndOf(record.Day);
            }
        }

        return new ArchiveRead
        {
            Records = records,
            Freshness = new Freshness(freshUntil, staleBecause, source),
            CompleteUntil = zone.InZone(completeUntil),
            RenewsAt = renewsAt,
        };
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private enum Need
    {
        Nothing,
        Renew,
        Fetch,
        ServeStale,
        ServeStaleAndRetry,
    }
}
