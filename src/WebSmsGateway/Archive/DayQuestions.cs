using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>Asks WEBSMS about days, and merges the answer into the head of the scope.</summary>
internal sealed class DayQuestions(
    IUpstream upstream, MemoryTier memory, ScopeHeads heads, MessageFactory factory, RecordMerge merge, Schedule schedule, AccountZone zone, ArchiveClock clock)
{
    // A day whose answer is too long is asked for in at most eight parts.
    private const int MaxSplits = 3;

    /// <summary>Asks one question for a run of days.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="run">The days.</param>
    /// <param name="previous">What is known of a day.</param>
    /// <param name="cancellationToken">The token of the fetch.</param>
    /// <returns>The new records, or the failure. Where an answer is cut, both: days of which it has no record are not answered.</returns>
    public async Task<(IReadOnlyList<DayRecord> Records, UpstreamFailure? Failure)> AskAsync(
        Scope scope, DayRun run, Func<DateOnly, DayRecord?> previous, CancellationToken cancellationToken)
    {
        var now = clock.There(memory.HeadOf(scope));
        var tail = run.StartsWithTail ? schedule.TailStart(previous(run.First), now) : null;
        var askers = new Askers();
        run.Fetches.ForEach(fetch => fetch.AskWith(askers));
        var question = new UpstreamQuestion(
            scope.Number, tail ?? run.First.ToDateTime(TimeOnly.MinValue), run.Last.ToDateTime(new TimeOnly(23, 59, 59)))
        {
            Kind = tail is not null ? QuestionKind.Tail
                : run.Fetches.Count == 1 || now < schedule.SettledAt(run.Last) ? QuestionKind.Day : QuestionKind.Range,
            Askers = askers,
        };
        GatewayMetrics.RecordsAsked(tail is not null ? "tail" : run.Last >= zone.DayOf(now) ? "open" : "closed");
        var knownBefore = memory.HeadOf(scope).LastStamp;
        var answer = await AskAsync(question, run.Fetches.Count == 1 ? MaxSplits : 0, cancellationToken);
        using var room = answer.Room;
        if (answer.Failure is { } failure)
        {
            return ([], failure);
        }

        var (askedAt, ahead) = (clock.Shared(answer.AskedAt), clock.Ahead(answer.Ahead));
        var isNewestFirst = MessageFactory.IsNewestFirst(answer.Records) ?? memory.HeadOf(scope).IsNewestFirst;
        var days = factory.Make(answer.Records, isNewestFirst, previous);
        var answered = answer.IsCut ? run.Fetches.FindAll(fetch => days.ContainsKey(fetch.Day)) : run.Fetches;
        var records = await heads.CommitAsync(scope, answered.Select(fetch => fetch.Day), Merge, cancellationToken);
        return (records, answered.Count < run.Fetches.Count ? Attempt.Cut.Answer.Failure : null);

        Merged Merge(ScopeHead head, long moment)
        {
            // Taken here, because an answer to a later question may be merged while this one waits for its turn.
            var receivedAt = clock.Now;
            var merged = new List<DayRecord>();
            var (ordinal, hasNews) = (0, false);
            foreach (var day in answered.Select(fetch => fetch.Day))
            {
                var isFirst = day == answered[0].Day;
                var known = previous(day);
                var record = merge.Merge(
                    day, known,
                    new DayAnswer(
                        answer, days.GetValueOrDefault(day) ?? [], question, IsTail: tail is not null && day == run.First && known is not null, isFirst,
                        askedAt, receivedAt, ahead, knownBefore),
                    moment, ref ordinal);
                if (schedule.IsClosed(record))
                {
                    record.CountNumbers();
                }

                hasNews |= known is null || record.Metadata.Removed.Count != known.Metadata.Removed.Count;
                merged.Add(record);
            }

            return new Merged(merged, hasNews || ordinal > 0, ahead, isNewestFirst);
        }
    }

    /// <summary>Asks a question, in parts where its answer is too long.</summary>
    private async Task<UpstreamAnswer> AskAsync(UpstreamQuestion question, int splits, CancellationToken cancellationToken)
    {
        var answer = await upstream.AskAsync(question, cancellationToken);
        if (answer.Failure is not { Error: UpstreamError.TooLong } || splits == 0)
        {
            return answer;
        }

        var half = (question.Through - question.From) / 2;
        var middle = question.From + new TimeSpan(half.Ticks - (half.Ticks % TimeSpan.TicksPerSecond));
        var earlier = await AskAsync(question with { Through = middle }, splits - 1, cancellationToken);
        if (earlier.Failure is not null)
        {
            return earlier;
        }

        // The next part may need the room of this one. A day of several parts is held beyond the budget until it is merged.
        earlier.Room?.Dispose();

        var later = await AskAsync(question with { From = middle.AddSeconds(1) }, splits - 1, cancellationToken);
        return later.Failure is not null ? later : earlier.Then(later);
    }
}
