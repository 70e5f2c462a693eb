using WebSmsGateway.Messages;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Archive.Reading;

public sealed class DescendingPageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.FromHours(3));

    [Fact]
    public void Pages_WhileMessagesArrive_GiveAllThatWereThereAtFirstOnceAndInOrder()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var feed = new PagedFeed(Noon);
            for (var i = random.Next(80); i > 0; i--)
            {
                feed.Receive(Noon.AddSeconds(-random.Next(3) * random.Next(60_000)), random.Next(3) == 0 ? "да" : "нет");
            }

            var request = new PageRequest { From = "2026-03-10", Contains = random.Next(2) == 0 ? "Да" : null };
            var expected = feed.Arrived
                .Where(message => request.Contains is null || message.Text == "да")
                .OrderByDescending(message => message.Position)
                .Select(message => message.Id).ToList();
            var given = new List<MessageId>();
            do
            {
                var (items, next) = feed.Page(request with { Limit = $"{random.Next(1, 9)}" });
                given.AddRange(items.Select(message => message.Id));
                request = request with { Cursor = next };
                feed.Clock.Advance(TimeSpan.FromSeconds(random.Next(60)));
                feed.Receive(feed.Clock.GetUtcNow().AddSeconds(1), "да");
            }
            while (request.Cursor is not null);

            Assert.True(expected.SequenceEqual(given), $"Case {seed}");
        }
    }

    [Fact]
    public void Cursor_LimitThatTheMessagesJustFill_IsNull()
    {
        var feed = new PagedFeed(Noon);
        feed.Receive(Noon);
        feed.Receive(Noon);

        Assert.Null(feed.Page(new PageRequest { Limit = "2" }).Next);
        Assert.NotNull(feed.Page(new PageRequest { Limit = "1" }).Next);
    }

    [Fact]
    public void Page_FractionsOfFromAndTo_AreKept()
    {
        var feed = new PagedFeed(Noon);
        feed.Receive(Noon.AddSeconds(-2));
        var inside = feed.Receive(Noon.AddSeconds(-1));
        feed.Receive(Noon);

        Assert.Equal([inside], feed.Page(new PageRequest { From = "2026-03-11T11:59:58.5", To = "2026-03-11T11:59:59.5" }).Items);
    }
}
