using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>A record that could not be read, or not with certainty.</summary>
/// <param name="Position">Place of the record in the answer, from 1.</param>
/// <param name="Date">Its date, where that much could be read.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="RentNum">Its rented number, where that much could be read.</param>
/// <param name="Count">How many records of that day this stands for. Beyond the first ones they are only counted.</param>
internal readonly record struct WireProblem(int Position, DateTime? Date, ProblemReason Reason, string? RentNum = null, int Count = 1)
{
    /// <summary>How many problems of one day are listed one by one.</summary>
    public const int MostListed = 100;
}

/// <summary>
/// The problems of one answer. Its damaged records may be three bytes long each, and must not take more memory than others: of each day, and
/// of those without a date, the first ones are listed and the rest is counted by reason.
/// </summary>
internal sealed class WireProblems
{
    private readonly List<WireProblem> listed = [];
    private readonly Dictionary<DateTime, int> counts = [];
    private readonly Dictionary<(DateTime Day, ProblemReason Reason), WireProblem> rest = [];

    public void Add(WireProblem problem)
    {
        var day = problem.Date?.Date ?? default;
        var count = counts[day] = counts.GetValueOrDefault(day) + 1;
        if (count <= WireProblem.MostListed)
        {
            listed.Add(problem);
            return;
        }

        rest[(day, problem.Reason)] = rest.TryGetValue((day, problem.Reason), out var before)
            ? before with { Count = before.Count + 1 }
            : problem with { RentNum = null };
    }

    public IReadOnlyList<WireProblem> Made() => rest.Count == 0 ? listed : [.. listed, .. rest.Values];
}
