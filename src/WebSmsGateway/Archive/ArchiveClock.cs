using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.Archive;

/// <summary>
/// The clock of stamps, ages and questions: the one of Redis, where there is one, so that replicas with different clocks agree.
/// </summary>
internal sealed class ArchiveClock(TimeProvider clock, ISharedStore? store = null)
{
    // Where the two are hours apart one of them is plainly wrong, and nobody knows which. The process then keeps to its own.
    private static readonly TimeSpan LargestOffset = TimeSpan.FromHours(1);

    public DateTimeOffset Now => clock.GetUtcNow() + Offset;

    /// <summary>The process's own clock. Without a <c>Date</c> of WEBSMS it decides what day it is.</summary>
    public DateTimeOffset Own => clock.GetUtcNow();

    /// <summary>The clock of WEBSMS, as far as is known.</summary>
    public DateTimeOffset There(ScopeHead head) => Now + AheadOf(head);

    /// <summary>How far the clock of WEBSMS is ahead of this clock. Before the first answer it is taken for the process's own.</summary>
    public TimeSpan AheadOf(ScopeHead head) => head.Ahead ?? -Offset;

    /// <summary>How far the clock of WEBSMS is ahead of this clock, if it is so far ahead of the process's own.</summary>
    public TimeSpan Ahead(TimeSpan aheadOfOwn) => aheadOfOwn - Offset;

    /// <summary>A moment of this clock as the process's own clock shows it.</summary>
    public DateTimeOffset Local(DateTimeOffset moment) =>
        moment - DateTimeOffset.MinValue < TimeSpan.FromDays(1) || DateTimeOffset.MaxValue - moment < TimeSpan.FromDays(1) ? moment : moment - Offset;

    /// <summary>A moment of the process's own clock in this clock.</summary>
    public DateTimeOffset Shared(DateTimeOffset local) => local + Offset;

    private TimeSpan Offset => store?.ClockOffset is { } offset && offset.Duration() <= LargestOffset ? offset : TimeSpan.Zero;
}
