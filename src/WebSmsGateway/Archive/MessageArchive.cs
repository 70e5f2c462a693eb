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
    MemoryTier memory, ScopeFetch fetcher, Schedule schedule, AccountZone zone, IOptions<UpstreamOptions> upstream, TimeProvider clock)
{
    /// <summary>The scope whose records answer for a number.</summary>
    public Scope ScopeOf(RentedNumber? number) => upstream.Value.Scope == UpstreamScope.Account ? Scope.Account : new Scope(number);

    /// <summary>Reads a range of local days, up to today at most. Cancellation ends the wait of this caller and not the fetches.</summary>
    public Task<ArchiveRead> ReadAsync(Scope scope, DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        ReadAsync(scope, first, last, isWatching: false, cancellationToken);

    /// <summary>Reads up to the open day, and asks again if the last question is older than the freshness interval.</summary>
    public Task<ArchiveRead> WatchAsync(Scope scope, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return ReadAsync(scope, schedule.FirstWatchedDay(now), zone.DayOf(now), isWatching: true, cancellationToken);
    }

    private async Task<ArchiveRead> ReadAsync(
        Scope scope, DateOnly first, DateOnly last, bool isWatching, CancellationToken cancellationToken)
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
                    (need = schedule.NeedOf(record, lastFailure, isAsked, isWatching, now)) is not (Need.Nothing or Need.ServeStale),
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
                if (records[index] is not { } held || schedule.StaleUntil(held) <= clock.GetUtcNow())
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

    private ArchiveRead Describe(DayRecord[] records, DateOnly first, UpstreamFailure? staleBecause, DaySource source)
    {
        var (completeUntil, isGapless) = (zone.StartOf(first), true);
        var (freshUntil, renewsAt) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        foreach (var record in records)
        {
            var expires = schedule.ExpiresAt(record);
            freshUntil = expires < freshUntil ? expires : freshUntil;
            var renews = schedule.RenewsAt(record);
            renewsAt = renews < renewsAt ? renews : renewsAt;
            if (isGapless)
            {
                completeUntil = schedule.CompleteUntil(record);
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
}
