using WebSmsGateway.Archive.Redis;

namespace WebSmsGateway.Archive;

/// <summary>
/// The clock of stamps, ages and questions: the one of Redis, where there is one, so that replicas with different clocks agree.
/// </summary>
internal sealed class ArchiveClock(TimeProvider clock, ISharedStore? store = null)
{
    public DateTimeOffset Now => clock.GetUtcNow() + Offset;

    /// <summary>A moment of this clock as the process's own clock shows it.</summary>
    public DateTimeOffset Local(DateTimeOffset moment) =>
        moment - DateTimeOffset.MinValue < TimeSpan.FromDays(1) || DateTimeOffset.MaxValue - moment < TimeSpan.FromDays(1) ? moment : moment - Offset;

    /// <summary>A moment of the process's own clock in this clock.</summary>
    public DateTimeOffset Shared(DateTimeOffset local) => local + Offset;

    private TimeSpan Offset => store?.ClockOffset ?? TimeSpan.Zero;
}
