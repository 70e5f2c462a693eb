using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// All messages that WEBSMS reported, by day. A day comes from memory, else from Redis, else from WEBSMS. A missing day is asked for
/// once, however many callers need it.
/// </summary>
internal sealed class MessageArchive(
    MemoryTier memory, ScopeHeads heads, ScopeFetch fetcher, Schedule schedule, AccountZone zone, IOptions<UpstreamOptions> upstream,
    ArchiveClock clock, TimeProvider time)
{
    /// <summary>The failure of a question that is not answered yet.</summary>
    public static readonly UpstreamFailure LateAnswer = new(UpstreamError.Timeout, "WEBSMS did not answer in time.");

    private readonly Rechecks rechecks = new(memory, fetcher, schedule, clock, time);
    private readonly HeldDays held = new(memory, schedule, clock);

    /// <summary>The clock of ages and stamps.</summary>
    public DateTimeOffset Now => clock.Now;

    /// <summary>The scope whose records answer for a number.</summary>
    public Scope ScopeOf(RentedNumber? number) => upstream.Value.Scope == UpstreamScope.Account ? Scope.Account : new Scope(number);

    /// <summary>The latest day that has begun, by our clock or by that of WEBSMS.</summary>
    public DateOnly Today(ScopeHead head) => zone.DayOf(clock.There(head) is var there && there > clock.Own ? there : clock.Own);

    /// <inheritdoc cref="ArchiveClock.Own"/>
    public DateTimeOffset Own => clock.Own;

    /// <inheritdoc cref="ArchiveClock.There"/>
    public DateTimeOffset There(ScopeHead head) => clock.There(head);

    /// <inheritdoc cref="ArchiveClock.AheadOf"/>
    public TimeSpan AheadOf(ScopeHead head) => clock.AheadOf(head);

    /// <summary>How far the clock of WEBSMS is ahead of that of the process.</summary>
    public TimeSpan AheadOfOwn(ScopeHead head) => clock.There(head) - clock.Own;

    /// <inheritdoc cref="MemoryTier.ViewOf(Scope, Stamp, DateOnly)"/>
    public (ScopeHead Head, List<DayRecord> Records) ViewOf(Scope scope, Stamp since, DateOnly from) => memory.ViewOf(scope, since, from);

    /// <inheritdoc cref="MemoryTier.LookAhead"/>
    public DayRecord?[]? LookAhead(Scope scope, IReadOnlyList<DateOnly> days) => memory.LookAhead(scope, days);

    /// <summary>Whether WEBSMS has to be asked about a day again.</summary>
    public bool IsDue(DayRecord record) => schedule.IsDue(record, clock.Now);

    /// <inheritdoc cref="ScopeHeads.Holds"/>
    public bool Holds(Scope scope, DateOnly day) => heads.Holds(scope, day);

    /// <summary>Loads days that memory does not hold from Redis; none if it does not answer.</summary>
    public async Task<List<DayRecord>> LoadAsync(Scope scope, IReadOnlyList<DateOnly> days, CancellationToken cancellationToken) =>
        await heads.LoadAsync(scope, days, cancellationToken) ?? [];

    public ScopeHead HeadOf(Scope scope) => memory.HeadOf(scope);

    /// <summary>Makes sure that a cursor's place has been reached here, or cannot be reached any more.</summary>
    public async Task<ScopeHead> ReachAsync(Scope scope, PageCursor cursor, CancellationToken cancellationToken)
    {
        var head = memory.HeadOf(scope);
        if (head.Epoch != cursor.Epoch || head.LastStamp < cursor.Latest)
        {
            var isSynced = await heads.SyncAsync(scope, cancellationToken);
            head = memory.HeadOf(scope);
            if (head.Epoch == cursor.Epoch && head.LastStamp < cursor.Latest)
            {
                await heads.BeginEpochAsync(scope, cursor, isSynced, cancellationToken);
            }
        }

        return memory.HeadOf(scope);
    }

    /// <summary>Reads a range of local days, up to today at most. Cancellation ends the wait of this caller and not the fetches.</summary>
    public Task<ArchiveRead> ReadAsync(Scope scope, DateOnly first, DateOnly last, DayReader reader, CancellationToken cancellationToken)
    {
        var today = Today(memory.HeadOf(scope));
        last = last < today ? last : today;
        return ReadAsync(scope, DayRange.Of(first, last), reader, cancellationToken);
    }

    /// <summary>Reads days, in order.</summary>
    public Task<ArchiveRead> ReadAsync(Scope scope, IReadOnlyList<DateOnly> days, DayReader reader, CancellationToken cancellationToken) =>
        ReadAsync(scope, days, behind: 0, reader, isWatching: false, reads: 1, cancellationToken);

    /// <summary>Reads days, in order, of which the first ones are read for what may be new there.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="days">The days.</param>
    /// <param name="behind">
    /// How many of them only may have news. Nobody waits for these longer than where a last good answer is held, and the read does not fail with
    /// them.
    /// </param>
    /// <param name="reader">Who reads.</param>
    /// <param name="cancellationToken">The token of the reader.</param>
    public Task<ArchiveRead> ReadAsync(Scope scope, IReadOnlyList<DateOnly> days, int behind, DayReader reader, CancellationToken cancellationToken) =>
        ReadAsync(scope, days, behind, reader, isWatching: false, reads: 1, cancellationToken);

    /// <summary>Reads up to the open day. The caller has time to wait for the answers.</summary>
    public Task<ArchiveRead> WatchAsync(Scope scope, DayReader reader, CancellationToken cancellationToken)
    {
        var head = memory.HeadOf(scope);
        var (first, today) = (schedule.FirstWatchedDay(clock.There(head)), Today(head));
        return ReadAsync(scope, DayRange.Of(first, today), behind: 0, reader, isWatching: true, reads: 1, cancellationToken);
    }

    /// <inheritdoc cref="Rechecks.StartNextAsync"/>
    public Task RecheckAsync(Scope scope) => rechecks.StartNextAsync(scope);

    /// <inheritdoc cref="Rechecks.DueDays"/>
    public IEnumerable<DateOnly> DueDays(Scope scope, DateOnly? from) => rechecks.DueDays(scope, from);

    private async Task<ArchiveRead> ReadAsync(
        Scope scope, IReadOnlyList<DateOnly> days, int behind, DayReader reader, bool isWatching, int reads, CancellationToken cancellationToken)
    {
        using var span = GatewayTraces.Read();
        var now = clock.Now;
        var records = new DayRecord?[days.Count];
        if (held.TryRead(scope, days, records, reader, now) is { } answer)
        {
            span.Read(days.Count, MetricLabel.Of(DaySource.Memory), isStale: false);
            return answer;
        }

        List<(int Index, DayState State)>? awaited = null;
        List<DayFetch>? mine = null;
        UpstreamFailure? unread = null, missed = null, staleBecause = null;
        for (var i = 0; i < days.Count; i++)
        {
            var need = Need.Nothing;
            var state = memory.Look(
                new DayKey(scope, days[i]), time.GetTimestamp(),
                (record, lastFailure) => (need = schedule.NeedOf(record, lastFailure, isWatching, now)) == Need.Fetch, out var fetch,
                reader);
            if (fetch is not null)
            {
                (mine ??= []).Add(fetch);
            }

            records[i] = state.Record;
            if (need == Need.Fetch)
            {
                state.Fetch!.Join(reader.Callers);
                (awaited ??= []).Add((i, state));
            }
            else if (need == Need.ServeStale && schedule.IsStale(state.Record!, isFailing: true, now))
            {
                staleBecause = state.LastFailure!.Failure;
            }
        }

        if (mine is not null)
        {
            fetcher.Start(scope, mine);
        }

        GatewayMetrics.RecordsRead(MetricLabel.Of(DaySource.Memory), days.Count - (awaited?.Count ?? 0));
        var source = DaySource.Memory;
        foreach (var (index, state) in awaited ?? [])
        {
            if (mine is null || !mine.Contains(state.Fetch!))
            {
                GatewayMetrics.RecordAwaited();
            }

            var outcome = await AwaitAsync(state, isWatching, index < behind, reader, cancellationToken);
            GatewayMetrics.RecordsRead(MetricLabel.Of(outcome?.Source ?? DaySource.Memory), 1);
            source = outcome?.Source > source ? outcome.Source : source;
            records[index] = outcome?.Record ?? state.Record;
            var failure = outcome is null ? LateAnswer : outcome.Failure;
            if (records[index] is not { } known || (failure is not null && schedule.StaleUntil(known) <= clock.Now))
            {
                records[index] = null;
                missed ??= index < behind ? failure ?? LateAnswer : null;
                unread ??= index < behind ? null : failure ?? LateAnswer;
            }
            else if (failure is not null && schedule.IsStale(known, outcome is not null, clock.Now))
            {
                staleBecause = failure;
            }
        }

        // The head and the records of one moment: a message that is not in a record has a later stamp than the head.
        if (memory.Refresh(scope, days, records, reader, isLast: reads == ArchiveRead.MostReads) is not { } head)
        {
            reader = Array.Exists(records, record => record is { IsCountsOnly: true, Validity.IsOutdated: true }) ? reader.OfMessages() : reader;
            return await ReadAsync(scope, days, behind, reader, isWatching, reads + 1, cancellationToken);
        }

        // A day that memory let go in each read counts as unread.
        missed ??= Array.IndexOf(records, null, 0, behind) < 0 ? null : LateAnswer;
        unread ??= Array.IndexOf(records, null, behind) < 0 ? null : LateAnswer;

        if (staleBecause is not null)
        {
            GatewayMetrics.StaleServed(MetricLabel.Of(staleBecause.Error));
        }

        if (unread is not null)
        {
            span.Ended(MetricLabel.Of(unread.Error));
        }

        span.Read(days.Count, MetricLabel.Of(source), staleBecause is not null);
        return new ArchiveRead
        {
            Head = head,
            First = days.Count > 0 ? days[0] : null,
            Days = records,
            Unread = unread,
            Missed = missed,
            Freshness = new Freshness(held.FreshUntil(records), staleBecause, source),
        };
    }

    /// <summary>
    /// Waits for an answer: until it is there, where nothing is known, and for a short time from its question on where a last good answer is
    /// held, or where only news is looked for. The question goes on for the others.
    /// </summary>
    private async Task<FetchOutcome?> AwaitAsync(
        DayState state, bool isWatching, bool isBehind, DayReader reader, CancellationToken cancellationToken)
    {
        var completed = state.Fetch!.Completed;
        var isKnown = state.Record is { } held && schedule.StaleUntil(held) > clock.Now;
        if (completed.IsCompleted || isWatching || !(isKnown || isBehind))
        {
            return await completed.WaitAsync(cancellationToken);
        }

        var left = upstream.Value.AnswerWithin - time.GetElapsedTime(state.Fetch.Started);
        if (left <= TimeSpan.Zero || reader.HasWaitedInVain)
        {
            return null;
        }

        try
        {
            return await completed.WaitAsync(left, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            reader.WaitedInVain();
            return null;
        }
    }
}
