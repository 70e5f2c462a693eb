using WebSmsGateway.Upstream.Wire;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>Sorts the problems of an answer into the days that it covers.</summary>
internal static class DayProblems
{
    /// <summary>The problems of one day. A record whose date could not be read is told on the first day of the answer.</summary>
    public static List<MessageProblem> Of(IReadOnlyList<WireProblem> problems, DateOnly day, bool isFirst)
    {
        var found = new List<MessageProblem>();
        foreach (var problem in problems)
        {
            if (problem.Date is { } date ? DateOnly.FromDateTime(date) == day : isFirst)
            {
                found.Add(new MessageProblem(day, problem.Position, NameOf(problem.Reason)));
            }
        }

        return found;
    }

    /// <summary>Whether a record could belong to any day of the answer, so that none of them can become final.</summary>
    public static bool HasUndated(IReadOnlyList<WireProblem> problems) => problems.Any(problem => problem.Date is null);

    /// <summary>
    /// The problems of a day after a read of its tail. Positions count from the start of an answer, so the same record has
    /// another one in the tail: until the next whole read a tail adds a reason that is new, not a record.
    /// </summary>
    public static IReadOnlyList<MessageProblem> Join(IReadOnlyList<MessageProblem> known, List<MessageProblem> tail)
    {
        tail.RemoveAll(problem => known.Any(earlier => earlier.Reason == problem.Reason));
        return tail.Count == 0 ? known : [.. known, .. tail];
    }

    private static string NameOf(WireProblemReason reason) => reason switch
    {
        WireProblemReason.UnreadableDate => "unreadable-date",
        WireProblemReason.UnreadableNumber => "unreadable-number",
        WireProblemReason.UnreadableRecord => "unreadable-record",
        WireProblemReason.AmbiguousText => "ambiguous-text",
        WireProblemReason.UnreadableCharacters => "unreadable-characters",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
