namespace WebSmsGateway.Archive;

/// <summary>Starts work that outlives its caller.</summary>
internal static class Background
{
    /// <summary>Starts work on the scheduler of the caller: on the thread pool in the product, and on one thread in the simulation.</summary>
    public static void Start(Func<Task> work) => _ = Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();
}
