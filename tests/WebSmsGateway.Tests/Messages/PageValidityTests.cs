using System.Runtime.CompilerServices;
using WebSmsGateway.Caching;
using WebSmsGateway.Messages;
using WebSmsGateway.Tests.Caching;

namespace WebSmsGateway.Tests.Messages;

public sealed class PageValidityTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Holds_SegmentIsSuperseded_NoLonger()
    {
        var segment = new SegmentValidity();
        var page = new PageValidity([new SegmentValidity(), segment], Now.AddSeconds(5));

        Assert.True(page.Holds(Now));
        Assert.False(page.Holds(Now.AddSeconds(5)));
        segment.Supersede();
        Assert.False(page.Holds(Now));
    }

    [Fact]
    public void KeptPage_DayIsLetGo_DoesNotKeepItsMessages()
    {
        var (page, segment) = Made();

        GC.Collect();

        Assert.True(page.Holds(Now));
        Assert.False(segment.IsAlive);
    }

    // Apart, so that nothing on the stack of the test holds the segment.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (PageValidity Page, WeakReference Segment) Made()
    {
        var segment = SampleMessages.Segment(100);
        return (new PageValidity([segment.Validity], Now.AddSeconds(5)), new WeakReference(segment));
    }
}
