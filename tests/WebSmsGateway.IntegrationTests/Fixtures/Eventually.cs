namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>Waiting for a condition, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until the condition holds; fails with what it waited for when the time is over.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what, double seconds = 10)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds, $"After {seconds} s: {what}.");
            await Task.Delay(Step, TimeProvider.System, CancellationToken.None);
        }
    }
}
