using Microsoft.Extensions.Time.Testing;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>A clock that goes like that of the system and can be put forward: what is due then happens at once.</summary>
internal sealed class RunningClock : FakeTimeProvider, IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    public RunningClock()
        : base(TimeProvider.System.GetUtcNow()) => running = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Step, TimeProvider.System);
        var last = TimeProvider.System.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var now = TimeProvider.System.GetTimestamp();
                Advance(TimeProvider.System.GetElapsedTime(last, now));
                last = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
