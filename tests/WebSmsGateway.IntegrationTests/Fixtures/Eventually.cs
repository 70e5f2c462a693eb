namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>Waiting for a condition, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until a condition holds. At the deadline it fails with the description of the condition.</summary>
    public static Task TrueAsync(Func<bool> condition, string what, double seconds = 10) =>
        TrueAsync(() => Task.FromResult(condition()), what, seconds);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string, double)"/>
    public static Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 10) =>
        TrueAsync(condition, () => what, seconds);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string, double)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, double seconds = 10)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started).TotalSeconds >= seconds)
            {
                Assert.Fail($"After {seconds} s: {what()}.");
            }

            await Task.Delay(Step, TimeProvider.System, CancellationToken.None);
        }
    }
}
