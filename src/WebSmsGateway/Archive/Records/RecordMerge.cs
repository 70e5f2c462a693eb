using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// Makes the next record of a day from the one before and an answer. New messages get the stamp, and known ones keep theirs. What the
/// answer lacks is doubted, and is removed when a second whole answer lacks it too. It has no clock and does no I/O.
/// </summary>
internal sealed class RecordMerge(Schedule schedule, AccountZone zone)
{
    /// <summary>Merges an answer.</summary>
    /// <param name="day">The day.</param>
    /// <param name="previous">What was known; null where nothing was.</param>
    /// <param name="part">The answer.</param>
    /// <param name="moment">The moment of the stamp.</param>
    /// <param name="ordinal">The next ordinal of the stamp. Several days of one answer share a stamp.</param>
    public DayRecord Merge(DateOnly day, DayRecord? previous, DayAnswer part, long moment, ref int ordinal)
    {
        var fresh = new List<Message>();
        var present = 0;
        foreach (var message in part.Messages)
        {
            if (previous is not null && Known(previous, message) is not null)
            {
                present++;
            }
            else
            {
                fresh.Add(message);
            }
        }

        var removed = previous?.Metadata.Removed ?? [];
        var returned = fresh.Count > 0 && removed.Count > 0 ? removed.Where(gone => fresh.Any(message => message.Id == gone.Message.Id)).ToList() : [];
        var arrivals = Placement.Of(fresh, previous, returned, moment, ref ordinal);
        var (doubts, gone) = Doubted(previous, part, present);
        if (returned.Count > 0 || gone.Count > 0)
        {
            removed = [.. removed.Except(returned), .. gone.Select(message => new RemovedMessage(message, moment))];
        }

        var metadata = Metadata(day, previous, part, doubts) with { Doubts = doubts, Removed = removed };
        if (previous is null)
        {
            return DayRecord.Of(day, arrivals, metadata);
        }

        if (gone.Count == 0)
        {
            return previous.With(arrivals, metadata);
        }

        var names = gone.Select(message => message.Position).ToHashSet();
        return DayRecord.Of(
            day, [.. previous.Messages.Where(message => !names.Contains(message.Position)), .. arrivals], metadata);
    }

    private RecordMetadata Metadata(DateOnly day, DayRecord? previous, DayAnswer part, IReadOnlyList<Doubt> doubts)
    {
        var answer = part.Answer;
        var problems = DayProblems.Of(answer, day, part.IsFirstDay);
        if (answer.IsCut)
        {
            return Cut(day, previous, part, problems);
        }

        var earliest = part.Ahead < TimeSpan.Zero ? part.AskedAt + part.Ahead : part.AskedAt;

        // A problem may be gone in the next answer, so a day with problems is looked at twice before it is final.
        var areLasting = problems.Count > 0 && previous is { Problems.Count: > 0 } && schedule.IsClosed(previous);

        // An answer that comes late, because a lease ended meanwhile, does not move the times back. A time in the future was a wrong clock.
        var isLate = previous?.AskedAt > part.AskedAt && previous.AskedAt <= part.ReceivedAt;
        var metadata = new RecordMetadata(
            isLate ? previous!.AskedAt : part.AskedAt,
            isLate ? previous!.Ahead : part.Ahead,
            isLate ? previous!.ReceivedAt : part.ReceivedAt,
            part.IsTail || (isLate && previous!.ReadWholeAt > part.AskedAt) ? previous!.ReadWholeAt : part.AskedAt,
            answer.IsWhole && (!part.IsTail || previous!.IsWhole),
            IsFinal: answer.IsWhole && !part.IsTail && doubts.Count == 0 && (problems.Count == 0 || areLasting) && schedule.IsLastRead(day, earliest),
            part.IsTail ? DayProblems.Join(previous!.Problems, problems) : problems)
        { AreProblemsLasting = areLasting }.AfterShown(part.AskedAt + part.Ahead);
        return previous is null ? metadata : metadata.AfterShown(previous.Metadata.SeenUntil);
    }

    /// <summary>
    /// What a cut answer leaves of a day: its messages, and everything else as it was. A day that nothing was known of is complete up to its
    /// start.
    /// </summary>
    private RecordMetadata Cut(DateOnly day, DayRecord? previous, DayAnswer part, List<MessageProblem> problems)
    {
        if (previous is null)
        {
            var start = zone.StartOf(day) - part.Ahead;
            return new RecordMetadata(start, part.Ahead, part.ReceivedAt, start, IsWhole: false, IsFinal: false, problems) { CutAt = part.AskedAt };
        }

        // A whole answer to a later question was faster. A time in the future was a wrong clock.
        var isLate = previous.LookedAt > part.AskedAt && previous.LookedAt <= part.ReceivedAt;
        var kept = previous.Metadata with { CutAt = part.AskedAt, IsFinal = false, Problems = DayProblems.Join(previous.Problems, problems) };
        return isLate ? previous.Metadata : kept;
    }

    /// <summary>What the answer should have and lacks: as doubts, and what a second whole answer lacks too.</summary>
    private (IReadOnlyList<Doubt> Doubts, List<Message> Gone) Doubted(DayRecord? previous, DayAnswer part, int present)
    {
        // Without a proven end nobody knows what the answer lacks.
        if (previous is null || !part.Answer.IsWhole)
        {
            return (previous?.Doubts ?? [], []);
        }

        // What lies at the edge of the window may be missing for its date alone.
        var from = PositionOf(part.Question.From.AddSeconds(1));
        var end = PositionOf(part.Question.Through);
        var begin = part.IsTail ? previous.IndexOf(PositionOf(part.Question.From)) : 0;
        if (previous.Doubts.Count == 0 && present == previous.Count - begin)
        {
            return ([], []);
        }

        var here = part.Messages.Select(message => message.Id.Hash).ToHashSet();
        var before = previous.Doubts.ToDictionary(doubt => doubt.Hash, doubt => doubt.Since);
        var doubts = new List<Doubt>();
        var gone = new List<Message>();
        for (var i = 0; i < previous.Count; i++)
        {
            var message = previous[i];
            var isDoubted = before.TryGetValue(message.Id.Hash, out var since);
            if (i < begin || message.Position < from || message.Position >= end || message.Stamp.Moment > part.KnownBefore)
            {
                if (isDoubted && !here.Contains(message.Id.Hash))
                {
                    doubts.Add(new Doubt(message.Id.Hash, since));
                }
            }
            else if (!here.Contains(message.Id.Hash))
            {
                if (!part.IsTail && since is { } first && part.AskedAt - first >= Schedule.DoubtInterval)
                {
                    gone.Add(message);
                }
                else
                {
                    doubts.Add(new Doubt(message.Id.Hash, since ?? (part.IsTail ? null : part.AskedAt)));
                }
            }
        }

        return (doubts, gone);
    }

    private MessagePosition PositionOf(DateTime local) => MessagePosition.AtOrAfter(zone.ToInstant(local));

    private static Message? Known(DayRecord previous, Message message) =>
        message.IsPlaced && ReferenceEquals(previous.At(message.Position), message)
            ? message
            : previous.Find(message.ReceivedAt.ToUnixTimeSeconds(), message.Id.Hash);
}
