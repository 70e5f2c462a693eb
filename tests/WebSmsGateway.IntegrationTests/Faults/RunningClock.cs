using Microsoft.Extensions.Time.Testing;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>
/// A clock that begins in the morning of a fixed day and then runs, so that time limits end by themselves, and that a test can
/// put forward: pauses, circuits and freshness are over at once, and no run meets midnight.
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
