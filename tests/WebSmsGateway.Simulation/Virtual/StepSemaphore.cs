namespace WebSmsGateway.Simulation.Virtual;

/// <summary>
/// Takes the place of <see cref="SemaphoreSlim"/> in the sources of the gateway, because that one goes on on the thread pool.
/// </summary>
internal sealed class StepSemaphore(int count, int most) : IDisposable
{
    private readonly Queue<TaskCompletionSource> waiting = new();
    private int count = Math.Min(count, most);

    /// <summary>Takes a place that is free at once.</summary>
    public bool Wait(int milliseconds)
    {
        var isFree = count > 0 && milliseconds >= 0;
        count -= isFree ? 1 : 0;
        return isFree;
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (count > 0)
        {
            count--;
            return;
        }

        var turn = new TaskCompletionSource();
        waiting.Enqueue(turn);
        using var registration = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    /// <summary>Takes a place, however long that takes: the worlds have no code that gives up.</summary>
    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        return timeout >= TimeSpan.Zero;
    }

    public void Dispose()
    {
    }

    public void Release()
    {
        while (waiting.TryDequeue(out var turn))
        {
            if (turn.TrySetResult())
            {
                return;
            }
        }

        count++;
    }
}

/// <summary>Takes the place of the random source that names epochs. Each world has its own, so that its seed decides the names.</summary>
internal static class StepRandom
{
    [ThreadStatic]
    private static Random? random;

    public static void Begin(int seed) => random = new Random(seed);

    public static byte[] GetBytes(int count)
    {
        var bytes = new byte[count];
        random!.NextBytes(bytes);
        return bytes;
    }
}
