using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Budgets;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Http;

/// <summary>The page cache is bounded in bytes, those of its keys included.</summary>
public sealed class PageCacheTests
{
    private const int Pages = 5000;
    private const int WordsLength = 4000;

    private static readonly DateTimeOffset Now = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Keep_SmallPagesWithLongKeys_TakesNoMoreThanItsPartOfTheMemory()
    {
        var cache = new PageCache(new FakeTimeProvider(Now));
        var query = new MessageQuery { Numbers = NumberSet.All, Range = new TimeRange(Now, null) };
        var page = new CachedPage(
            query, new Freshness(DateTimeOffset.MaxValue, null, DaySource.Memory), new PageValidity([], DateTimeOffset.MaxValue), 0, new byte[100], "\"a\"");
        var most = 0;
        for (var i = 0; i < Pages; i++)
        {
            cache.Keep(new PageKey(null, $"{i}".PadLeft(WordsLength, 'x'), "", MessageFields.All), page);
            most = Math.Max(most, cache.Count);
        }

        // Characters take two bytes.
        Assert.InRange(most, 100, (int)(MemoryPlan.CachedPages / (2 * WordsLength)));
    }
}
