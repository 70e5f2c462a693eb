using WebSmsGateway.Messages;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

/// <summary>A stream reads pages of many messages, and each message has a cursor behind which a reader can go on.</summary>
public sealed class CursorOfEachTests
{
    private static readonly PageRequest Oldest = new() { Order = "asc", From = "2026-03-10" };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task CursorsOfEach_ReaderLeavesBehindAnyMessage_GetsEachOnce(int seed)
    {
        var random = new Random(seed);
        using var account = new FollowedAccount(Moment(10, 23, 50).AddSeconds(random.Next(900)));
        var (request, given) = (Oldest with { Limit = $"{random.Next(2, 12)}" }, new List<string>());
        if (random.Next(2) == 0)
        {
            request = request with { From = null, Cursor = "now" };
            request = request with { Cursor = (await account.ReadAsync(request)).Page!.NextCursor };
        }

        var begun = account.Clock.GetUtcNow();
        for (var step = 0; step < 60; step++)
        {
            account.Clock.Advance(TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(400) : random.Next(30)));
            for (var arrivals = random.Next(12); arrivals > 0; arrivals--)
            {
                var late = random.Next(5) == 0 ? TimeSpan.FromMinutes(random.Next(600)) : TimeSpan.Zero;
                var date = account.Clock.GetUtcNow().AddSeconds(-random.Next(121));
                account.Receive(request.From is null && date < begun ? begun : date, late: late);
            }

            var reading = await account.ReadAsync(request, hasCursorEach: true);
            var texts = reading.Page!.Items.Select(message => message.Text).ToList();
            Assert.Equal(texts.Count, reading.Cursors.Count);

            // It took only some of the page.
            var taken = random.Next(texts.Count + 1);
            given.AddRange(texts[..taken]);
            var cursor = taken == texts.Count ? reading.Page.NextCursor : taken > 0 ? reading.Cursors[taken - 1] : request.Cursor;
            request = request with { Cursor = cursor };
        }

        given.AddRange(await account.DrainThroughRechecksAsync(request));
        Assert.Equal(account.Arrived.Order(), given.Order());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task CursorsOfEach_SameMessagesByPagesOfOne_GoOnWithTheSame(int seed)
    {
        var random = new Random(seed);
        using var account = new FollowedAccount(Moment(11, 12));
        for (var i = 0; i < 40; i++)
        {
            account.Receive(Moment(10, 20).AddSeconds(random.Next(60_000)));
        }

        var (request, _) = (Oldest, 0);
        if (random.Next(2) == 0)
        {
            (_, var next) = await account.DrainAsync(Oldest);
            request = Oldest with { Cursor = next };
            account.Clock.Advance(TimeSpan.FromSeconds(6));
            Enumerable.Range(0, 40).ToList().ForEach(_ => account.Receive(Moment(11, 12).AddSeconds(-random.Next(100))));
        }

        var batch = await account.ReadAsync(request with { Limit = "30" }, hasCursorEach: true);
        var one = request with { Limit = "1" };
        foreach (var (i, message) in batch.Page!.Items.Index())
        {
            var page = await account.ReadAsync(one);
            Assert.Equal(message.Text, Assert.Single(page.Page!.Items).Text);
            one = one with { Cursor = page.Page.NextCursor };

            var behind = await account.ReadAsync(one with { Cursor = batch.Cursors[i], Limit = "100" });
            var same = await account.ReadAsync(one with { Limit = "100" });
            Assert.Equal(same.Page!.Items.Select(item => item.Id), behind.Page!.Items.Select(item => item.Id));
            Assert.Equal(same.Next! with { Floor = default, Moment = default }, behind.Next! with { Floor = default, Moment = default });
        }
    }
}
