namespace WebSmsGateway.Simulation.Virtual;

/// <summary>Queues all work of a world, to be run step by step on its one thread.</summary>
/// <param name="time">The time of the world.</param>
/// <param name="mayRunInline">Whether work that was waited for goes on within the step that completed it, so that nothing comes between.</param>
internal sealed class StepScheduler(VirtualTime time, bool mayRunInline) : TaskScheduler
{
    private readonly Queue<Task> queue = new();

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Starts work in the world of its starter. The sources of the gateway have this in place of the thread pool.</summary>
    public static Task Start(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Current).Unwrap();

    /// <summary>Runs until nothing is left.</summary>
    /// <returns>How many steps were done.</returns>
    public int RunAll(int limit)
    {
        var steps = 0;
        while (steps < limit && queue.TryDequeue(out var task))
        {
            steps++;
            TryExecuteTask(task);
        }

        return steps;
    }

    protected override IEnumerable<Task> GetScheduledTasks() => [.. queue];

    protected override void QueueTask(Task task)
    {
        time.CheckThread();
        queue.Enqueue(task);
    }

    // Nothing runs inside the step that caused it, as on the thread pool. Otherwise work could run under a lock of its cause.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        mayRunInline && !taskWasPreviouslyQueued && TryExecuteTask(task);
}
