using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Archive.Records;

/// <summary>Sorts the problems of an answer into the days that it covers.</summary>
internal static class DayProblems
{
    /// <summary>
    /// The problems of one day. A record with an unreadable date counts for the first day of the answer, and so do records that were not
    /// asked for.
    /// </summary>
    public static List<MessageProblem> Of(UpstreamAnswer answer, DateOnly day, bool isFirst)
    {
        var problems = Bounded(
            day,
            answer.Problems.Where(problem => problem.Date is { } date ? DateOnly.FromDateTime(date) == day : isFirst)
                .Select(problem => problem.Count == 1
                    ? MessageProblem.OfRecord(
                        day, problem.Position, problem.Reason, problem.RentNum is { } number ? RentedNumber.Reported(number) : null)
                    : MessageProblem.OfRest(day, problem.Count, problem.Reason)));
        if (isFirst && answer.Strays > 0)
        {
            problems.Add(MessageProblem.OfDay(day, answer.Strays, ProblemReason.OutsideOfQuestion));
        }

        return problems;
    }

    /// <summary>
    /// The problems of a day after a read of its tail. Positions count from the start of an answer, so the same record has
    /// another position in the tail. Until the next whole read a tail therefore adds only reasons that are new for a number.
    /// </summary>
    public static IReadOnlyList<MessageProblem> Join(IReadOnlyList<MessageProblem> previous, List<MessageProblem> tail)
    {
        tail.RemoveAll(problem => previous.Any(earlier => earlier.Reason == problem.Reason && earlier.Number == problem.Number));
        return tail.Count == 0 ? previous : Bounded(tail[0].Day, previous.Concat(tail));
    }

    private static List<MessageProblem> Bounded(DateOnly day, IEnumerable<MessageProblem> problems)
    {
        var bounded = new List<MessageProblem>();
        var rest = new SortedDictionary<ProblemReason, int>();
        foreach (var problem in problems)
        {
            if (problem.More is { } more || (problem.Position is not null && bounded.Count >= WireProblem.MostListed))
            {
                rest[problem.Reason] = rest.GetValueOrDefault(problem.Reason) + (problem.More ?? 1);
            }
            else
            {
                bounded.Add(problem);
            }
        }

        bounded.AddRange(rest.Select(reason => MessageProblem.OfRest(day, reason.Value, reason.Key)));
        return bounded;
    }

    /// <summary>
    /// The problems of a record as a caller gets them: with a count of its messages that the newest answer lacks, and one of all that are known
    /// where that answer was cut. In an answer about the whole account only callers of all numbers are given everything. Others are given the
    /// problems with records of their own numbers, without a position, because a position counts the records of other numbers too.
    /// </summary>
    public static IEnumerable<MessageProblem> Of(DayRecord record, Scope scope, MessageQuery query)
    {
        var problems = scope.Number is not null || query.Numbers.IsAll
            ? record.Problems
            : record.Problems.Where(problem => problem.Number is { } number && query.Covers(number))
                .Select(problem => new MessageProblem(problem.Day, null, null, null, problem.Reason)).Distinct();
        var lacking = record.Doubts.Count(doubt => record.Find(doubt.Hash) is { } message && query.Covers(message));
        return [
            .. problems,
            .. lacking > 0 ? [MessageProblem.OfDay(record.Day, lacking, ProblemReason.NoLongerReported)] : Array.Empty<MessageProblem>(),
            .. record.CutAt is not null ? [MessageProblem.OfDay(record.Day, Covered(record, scope, query), ProblemReason.AnswerCut)] : Array.Empty<MessageProblem>(),
        ];
    }

    /// <summary>How many messages of a record the caller may see.</summary>
    private static int Covered(DayRecord record, Scope scope, MessageQuery query)
    {
        var view = record.Of(scope.Number is null ? query.Number : null);
        if (query.Numbers.IsAll || scope.Number is not null)
        {
            return view.Count;
        }

        var count = 0;
        for (var i = 0; i < view.Count; i++)
        {
            count += query.Covers(view[i]) ? 1 : 0;
        }

        return count;
    }
}
