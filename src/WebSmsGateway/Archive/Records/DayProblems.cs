using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

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
        List<MessageProblem> problems =
        [
            .. answer.Problems.Where(problem => problem.Date is { } date ? DateOnly.FromDateTime(date) == day : isFirst)
                .Select(problem => MessageProblem.OfRecord(
                    day, problem.Position, problem.Reason, problem.RentNum is { } number ? RentedNumber.Reported(number) : null)),
        ];
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
        return tail.Count == 0 ? previous : [.. previous, .. tail];
    }

    /// <summary>
    /// The problems of a record as a caller gets them: with a count of its messages that the newest answer lacks. In an answer about the whole
    /// account only callers of all numbers are told everything. Others are told that there are problems with records of their own numbers,
    /// but not where, because a position counts the records of other numbers too.
    /// </summary>
    public static IEnumerable<MessageProblem> Of(DayRecord record, Scope scope, MessageQuery query)
    {
        var problems = scope.Number is not null || query.Numbers.IsAll
            ? record.Problems
            : record.Problems.Where(problem => problem.Number is { } number && query.Covers(number))
                .Select(problem => new MessageProblem(problem.Day, null, null, problem.Reason)).Distinct();
        var lacking = record.Doubts.Count(doubt => record.Find(doubt.Hash) is { } message && query.Covers(message));
        return [
            .. problems,
            .. lacking > 0 ? [MessageProblem.OfDay(record.Day, lacking, ProblemReason.NoLongerReported)] : Array.Empty<MessageProblem>(),
        ];
    }
}
