using Microsoft.Extensions.Options;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// All messages that WEBSMS reported, by day. A day comes from memory, else from Redis, else from WEBSMS. A missing day is asked for
/// once, however many callers need it.
/// </summary>
internal sealed class MessageArchive(
    MemoryTier memory, ScopeFetch fetcher, RecordLifetimes lifetimes, AccountZone zone, IOptions<CacheOptions> options,
    IOptions<UpstreamOptions> upstream, TimeProvider clock)
{
    private readonly TimeSpan retryInterval = Shorter(options.Value.Freshness, TimeSpan.FromSeconds(5));

    /// <summary>The scope whose records answer for a number.</summary>
    public Scope ScopeOf(RentedNumber? number) => upstream.Value.Scope == UpstreamScope.Account ? Scope.Account : new Scope(number);

    /// <summary>Reads a range of local days, up to today at most. Cancellation ends the wait of this caller and not the fetches.</summary>
    public Task<ArchiveRead> ReadAsync(Scope scope, DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        ReadAsync(scope, first, last, renewAfter: null, cancellationToken);

    /// <summary>Reads up to the open day, and asks again if the last question is older than the freshness interval.</summary>
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

        // While WEBSMS fails, a reader gets the last good answer at once. It is renewed in the background.
        if (lastFailure is null || now >= lifetimes.StaleUntil(record))
        {
            return Need.Fetch;
        }

        var since = now - lastFailure.At;
        if ((isAsked && renewAfter is null) || since < Shorter(retryInterval, lastFailure.Failure.RetryAfter ?? retryInterval))
        {
            return Need.ServeStale;
        }

        // An old failure says nothing about the present, so a reader waits for a new answer. A watcher always waits, so that it
        // learns of the end of an outage at once.
        return renewAfter is null && since < 2 * retryInterval ? Need.ServeStaleAndRetry : Need.Fetch;
    }

    private ArchiveRead Describe(DayRecord[] records, DateOnly first, UpstreamFailure? staleBecause, DaySource source)
    {
        var (completeUntil, isGapless) = (zone.StartOf(first), true);
        var (freshUntil, renewsAt) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        foreach (var record in records)
        {
            var expires = lifetimes.ExpiresAt(record);
            freshUntil = expires < freshUntil ? expires : freshUntil;
            var renews = lifetimes.RenewsAt(record);
            renewsAt = renews < renewsAt ? renews : renewsAt;
            if (isGapless)
            {
                completeUntil = lifetimes.CompleteUntil(record);
                isGapless = completeUntil >= zone.EndOf(record.Day);
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
