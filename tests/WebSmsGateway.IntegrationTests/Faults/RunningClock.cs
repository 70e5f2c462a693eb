using Microsoft.Extensions.Time.Testing;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>
/// A clock that starts in the morning of a fixed day and runs, so that timeouts end without a test, and no run reaches midnight. A test
/// can put it forward, so that pauses, open circuits and freshness end at once.
/// </summary>
internal sealed class RunningClock : IAsyncDisposable
{
    private readonly CancellationTokenSource stopped = new();
    private readonly Task running;

    public RunningClock() => running = RunAsync();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2024, 5, 14, 8, 0, 0, TimeSpan.FromHours(3)));

    /// <summary>Longer than every pause that a failure brings, shorter than MaxStale.</summary>
    public void SkipPauses() => Time.Advance(TimeSpan.FromMinutes(11));

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        await running;
        stopped.Dispose();
    }

    private async Task RunAsync()
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        var last = TimeProvider.System.GetTimestamp();
        try
        {
            while (await ticks.WaitForNextTickAsync(stopped.Token))
            {
                var now = TimeProvider.System.GetTimestamp();
                Time.Advance(TimeProvider.System.GetElapsedTime(last, now));
                last = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
