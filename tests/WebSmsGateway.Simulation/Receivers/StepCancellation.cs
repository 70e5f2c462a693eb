namespace WebSmsGateway;

/// <summary>Cancels on the thread of the world, where the original goes to the thread pool. The sources of the gateway see it without a using.</summary>
internal static class StepCancellation
{
    public static Task CancelInStepAsync(this CancellationTokenSource source)
    {
        source.Cancel();
        return Task.CompletedTask;
    }
}
