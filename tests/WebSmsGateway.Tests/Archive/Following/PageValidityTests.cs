using System.Runtime.CompilerServices;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Tests.Archive;

namespace WebSmsGateway.Tests.Archive.Following;

public sealed class PageValidityTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Holds_RecordIsSuperseded_NoLonger()
    {
        var record = new RecordValidity();
        var page = new PageValidity([new RecordValidity(), record], Now.AddSeconds(5));

        Assert.True(page.Holds(Now));
        Assert.False(page.Holds(Now.AddSeconds(5)));
        record.Supersede();
        Assert.False(page.Holds(Now));
    }

    [Fact]
    public void KeptPage_DayIsLetGo_DoesNotKeepItsMessages()
    {
        var (page, record) = Made();

        GC.Collect();

        Assert.True(page.Holds(Now));
        Assert.False(record.IsAlive);
    }

    // A method of its own, so that the stack of the test does not hold the record.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (PageValidity Page, WeakReference Record) Made()
    {
        var record = SampleMessages.Record(100);
        return (new PageValidity([record.Validity], Now.AddSeconds(5)), new WeakReference(record));
    }
}
