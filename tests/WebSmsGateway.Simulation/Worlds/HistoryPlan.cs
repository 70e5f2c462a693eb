namespace WebSmsGateway.Simulation.Worlds;

/// <summary>What makes a history step by step: its chances and its happenings.</summary>
/// <param name="random">The chances. The same ones make the same history.</param>
internal abstract class HistoryPlan(Random random)
{
    private readonly List<Happening> happenings = [];

    protected Random Random => random;

    /// <summary>The world of the history.</summary>
    protected abstract WorldSetting Setting { get; }

    /// <summary>When the next thing happens.</summary>
    protected TimeSpan At { get; set; }

    /// <summary>Adds what happens next.</summary>
    protected abstract void Step();

    /// <summary>What happens besides the steps.</summary>
    protected virtual IEnumerable<Happening> Besides() => [];

    protected History Make(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Step();
        }

        return new History(Setting, [.. happenings.Concat(Besides()).OrderBy(happening => happening.At)]);
    }

    protected int Replica() => random.Next(Setting.Skews.Count);

    protected bool Chance(double share) => random.NextDouble() < share;

    protected T Pick<T>(T[] values) => values[random.Next(values.Length)];

    protected TimeSpan Seconds(int least, int most) => TimeSpan.FromMilliseconds(random.Next(least * 1000, (most * 1000) + 1));

    protected void Add(What what, Func<Happening, Happening> describe) => happenings.Add(describe(new Happening(At, what)));
}
