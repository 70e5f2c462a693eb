using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Oracle;

/// <summary>Counts questions: one per scope and interval, however many ask.</summary>
internal static class QuestionOracle
{
    private const int Intervals = 10;
    private const int Slack = 5;

    public static void Check(World world)
    {
        var questions = world.Runs.SelectMany(run => run.Questions)
            .Where(question => DateOnly.FromDateTime(question.Asked.From) <= question.Today
                && question.Today <= DateOnly.FromDateTime(question.Asked.Through))
            .GroupBy(question => (Replica.UsesStore && world.Store is { Losses: 0 } ? null : question.Run, question.Asked.RentedNumber));
        var window = world.Setting.Freshness * Intervals;
        var most = Intervals + Slack + (int)(window.TotalMinutes / 5);
        foreach (var group in questions)
        {
            var inOrder = group.OrderBy(question => question.At).ToList();
            for (int first = 0, last = 0; last < inOrder.Count; last++)
            {
                while (inOrder[last].At - inOrder[first].At >= window)
                {
                    first++;
                }

                if (last - first + 1 > most && !inOrder[first..(last + 1)].Exists(question => question.IsFailed))
                {
                    var number = inOrder[last].Asked.RentedNumber?.ToString() ?? "the account";
                    world.Report(Promise.OneQuestion, $"{last - first + 1} questions about {number} in {window:c}.");
                    break;
                }
            }
        }
    }
}
