using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Archive;

/// <summary>Sorts the problems of an answer into the days that it covers.</summary>
internal static class DayProblems
{
    /// <summary>The problems of one day. A record with an unreadable date counts for the first day of the answer.</summary>
    public static List<MessageProblem> Of(IReadOnlyList<WireProblem> problems, DateOnly day, bool isFirst) =>
        [.. problems.Where(problem => problem.Date is { } date ? DateOnly.FromDateTime(date) == day : isFirst)
            .Select(problem => new MessageProblem(day, problem.Position, problem.Reason))];

    /// <summary>Whether a record could belong to any day of the answer. No day of such an answer can become final.</summary>
    public static bool HasUndated(IReadOnlyList<WireProblem> problems) => problems.Any(problem => problem.Date is null);

    /// <summary>
    /// The problems of a day after a read of its tail. Positions count from the start of an answer, so the same record has
    /// another position in the tail. Until the next whole read a tail therefore adds only reasons that are new.
    /// </summary>
    public static IReadOnlyList<MessageProblem> Join(IReadOnlyList<MessageProblem> previous, List<MessageProblem> tail)
    {
        tail.RemoveAll(problem => previous.Any(earlier => earlier.Reason == problem.Reason));
        return tail.Count == 0 ? previous : [.. previous, .. tail];
    }
}
