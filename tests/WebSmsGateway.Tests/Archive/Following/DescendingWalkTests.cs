using WebSmsGateway.Messages;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

public sealed class DescendingWalkTests
{
    private static readonly DateTimeOffset Noon = Moment(11, 12);

    [Fact]
    public async Task Pages_WhileMessagesArrive_GiveAllThatWereThereAtFirstOnceAndInOrder()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            using var account = new FollowedAccount(Noon);
            var expected = Enumerable.Range(0, random.Next(80)).Select(_ => random.Next(2) * random.Next(60_000)).OrderDescending()
                .Select(age => account.Receive(Noon.AddSeconds(-age))).Reverse().ToList();
            var (request, given) = (new PageRequest { From = "2026-03-10" }, new List<string>());
            do
            {
                var (items, next) = await account.PageAsync(request with { Limit = $"{random.Next(1, 9)}" });
                given.AddRange(items);
                request = request with { Cursor = next };
                account.Clock.Advance(TimeSpan.FromSeconds(random.Next(60)));
                account.Receive(account.Clock.GetUtcNow().AddSeconds(1));
            }
            while (request.Cursor is not null);

            Assert.Equal(expected, given);
        }
    }

    [Fact]
    public async Task Cursor_LimitThatTheMessagesJustFill_IsNull()
    {
        using var account = new FollowedAccount(Noon);
        account.Receive(Noon);
        account.Receive(Noon);

        Assert.Null((await account.PageAsync(new PageRequest { Limit = "2" })).Next);
        Assert.NotNull((await account.PageAsync(new PageRequest { Limit = "1" })).Next);
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Page_FractionsOfFromAndTo_AreKept(string order)
    {
        using var account = new FollowedAccount(Noon);
        account.Receive(Noon.AddSeconds(-2));
        var inside = account.Receive(Noon.AddSeconds(-1));
        account.Receive(Noon);
        var request = new PageRequest { Order = order, From = "2026-03-11T11:59:58.5", To = "2026-03-11T11:59:59.5" };

        Assert.Equal([inside], (await account.PageAsync(request)).Items);
    }
}
