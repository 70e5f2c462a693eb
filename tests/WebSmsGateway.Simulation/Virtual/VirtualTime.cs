namespace WebSmsGateway.Simulation.Virtual;

/// <summary>
/// The time of a world. It stands still while anything is left to do, and then moves to the next timer. All work of a world runs on the
/// thread that made it, one step after the other, so a seed always gives the same history.
/// </summary>
internal sealed class VirtualTime
{
    private const int MaxSteps = 2_000_000;

    private readonly PriorityQueue<(VirtualTimer Timer, int Version), (long Due, long Order)> timers = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long order;
    private int steps;

    public VirtualTime(DateTimeOffset start, bool mayRunInline = false)
    {
        Start = start;
        Scheduler = new StepScheduler(this, mayRunInline);
    }

    public DateTimeOffset Start { get; }

    /// <summary>The scheduler of all work.</summary>
    public StepScheduler Scheduler { get; }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>The true time.</summary>
    public DateTimeOffset Now => Start + Elapsed;

    /// <summary>Whether work never came to an end.</summary>
    public bool IsEndless => steps > MaxSteps;

    /// <summary>Whether work left the thread of the world.</summary>
    public bool HasEscaped { get; private set; }

    /// <summary>Runs a function as work of the world.</summary>
    public void Run(Func<Task> work) =>
        _ = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();

    /// <summary>Does everything that is to be done until a moment.</summary>
    public void RunUntil(TimeSpan moment)
    {
        while (!IsEndless)
        {
            steps += Scheduler.RunAll(MaxSteps);
            if (!timers.TryPeek(out var next, out var key) || key.Due > moment.Ticks)
            {
                break;
            }

            timers.Dequeue();
            Elapsed = key.Due > Elapsed.Ticks ? TimeSpan.FromTicks(key.Due) : Elapsed;
            steps++;
            next.Timer.Fire(next.Version);
        }

        Elapsed = moment > Elapsed ? moment : Elapsed;
    }

    /// <summary>Waits within the world.</summary>
    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken = default) =>
        Task.Delay(delay, new VirtualClock(this, TimeSpan.Zero), cancellationToken);

    public void Add(VirtualTimer timer, int version, TimeSpan due)
    {
        CheckThread();
        timers.Enqueue((timer, version), ((Elapsed + due).Ticks, order++));
    }

    /// <summary>Work that left the world's thread would make its history depend on chance.</summary>
    public void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != thread)
        {
            // An exception here may be lost on the other thread.
            HasEscaped = true;
            throw new InvalidOperationException("Work has left the thread of its world.");
        }
    }
}
