using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

public sealed class PollTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Poll_FreshnessEndsBetweenMilliseconds_SleepsUntilThenAndDoesNotSpin()
    {
        var clock = new ObservedClock(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)));
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, clock);
        await gateway.GetAsync(PagePath);
        clock.Advance(TimeSpan.FromMilliseconds(0.5));

        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);

        // 199.5 ms are left. A timer counts whole milliseconds, and after 199 ms the poll would only have to start a further timer.
        await Eventually.TrueAsync(() => clock.Sleeps.Any(IsPause), "the poll does not sleep");
        Assert.Equal(TimeSpan.FromMilliseconds(200), clock.Sleeps.First(IsPause));
    }

    private static bool IsPause(TimeSpan sleep) => sleep > TimeSpan.FromMilliseconds(150) && sleep < TimeSpan.FromMilliseconds(250);

    /// <summary>A test clock that records the duration of each timer.</summary>
    private sealed class ObservedClock(DateTimeOffset start) : TimeProvider
    {
        private readonly FakeTimeProvider clock = new(start);

        public ConcurrentQueue<TimeSpan> Sleeps { get; } = [];

        public override long TimestampFrequency => clock.TimestampFrequency;

        public void Advance(TimeSpan time) => clock.Advance(time);

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Sleeps.Enqueue(dueTime);
            return clock.CreateTimer(callback, state, dueTime, period);
        }
    }
}
