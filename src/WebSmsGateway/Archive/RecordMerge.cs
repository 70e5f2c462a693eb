using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>What one answer says about one day.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Messages">Its messages of the day. The list is used up.</param>
/// <param name="IsTail">Whether only the tail of the day was asked for.</param>
/// <param name="IsFirstDay">Whether the day is the first of the answer, where records without a readable date count.</param>
/// <param name="ReceivedAt">When the answer was there.</param>
internal readonly record struct DayAnswer(
    UpstreamAnswer Answer, List<Message> Messages, bool IsTail, bool IsFirstDay, DateTimeOffset ReceivedAt);

/// <summary>Makes the next record of a day from the one before and an answer. It has no clock and does no I/O.</summary>
internal sealed class RecordMerge(Schedule schedule)
{
    public DayRecord Merge(DateOnly day, DayRecord? previous, DayAnswer part)
    {
        var answer = part.Answer;
        var problems = DayProblems.Of(answer.Problems, day, part.IsFirstDay);
        var metadata = new RecordMetadata(
            answer.AskedAt,
            part.ReceivedAt,
            PreviouslyAskedAt: previous?.AskedAt ?? DateTimeOffset.MinValue,
            ReadWholeAt: part.IsTail ? previous!.ReadWholeAt : answer.AskedAt,
            answer.IsWhole,
            IsFinal: answer.IsWhole
                && !part.IsTail
                && answer.AskedAt >= schedule.SettledAt(day)
                && problems.Count == 0
                && !DayProblems.HasUndated(answer.Problems),
            part.IsTail ? DayProblems.Join(previous!.Problems, problems) : problems);
        if (!part.IsTail)
        {
            return DayRecord.Of(day, part.Messages, metadata);
        }

        part.Messages.RemoveAll(message => previous!.At(message.Position) is not null);
        return previous!.With(part.Messages, metadata);
    }
}
