using WebSmsGateway.Messages;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Archive.Reading;

public sealed class AscendingPageTests
{
    private static readonly PageRequest Oldest = new() { Order = "asc", From = "2026-03-10" };
    private static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.FromHours(3));

    [Fact]
    public void Pages_WhileMessagesArriveAndSomeAreDatedLate_GiveEachOnce()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var feed = new PagedFeed(new DateTimeOffset(2026, 3, 10, 20, 50, 0, TimeSpan.Zero).AddSeconds(random.Next(900)));
            var request = Oldest with { Contains = random.Next(2) == 0 ? "ДА" : null };
            var given = new List<Message>();
            for (var step = 0; step < 40; step++)
            {
                feed.Clock.Advance(TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(400) : random.Next(30)));
                for (var arrivals = random.Next(8); arrivals > 0; arrivals--)
                {
                    feed.Receive(feed.Clock.GetUtcNow().AddSeconds(-random.Next(121)), random.Next(3) == 0 ? "да" : "нет");
                }

                var (items, next) = feed.Page(request with { Limit = $"{random.Next(1, 7)}" });
                given.AddRange(items);
                request = request with { Cursor = next };
            }

            given.AddRange(feed.Drain(request));
            AssertEachOnce(feed.Arrived.Where(message => request.Contains is null || message.Text == "да"), given, seed);
        }
    }

    [Fact]
    public void Pages_ThroughTheHourThatTheClockRepeats_GiveEachOnce()
    {
        // Moscow, 26.10.2014: at 02:00 the clock went back to 01:00. WEBSMS writes wall-clock times only.
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var feed = new PagedFeed(new DateTimeOffset(2014, 10, 26, 0, 40, 0, TimeSpan.FromHours(4)));
            var request = new PageRequest { Order = "asc", From = "2014-10-26", Limit = "5" };
            var given = new List<Message>();
            while (feed.Clock.GetUtcNow() < new DateTimeOffset(2014, 10, 26, 2, 20, 0, TimeSpan.FromHours(3)))
            {
                feed.Clock.Advance(TimeSpan.FromSeconds(random.Next(300)));
                for (var arrivals = random.Next(6); arrivals > 0; arrivals--)
                {
                    feed.Receive(PagedFeed.Zone.ToInstant(PagedFeed.Zone.ToLocal(feed.Clock.GetUtcNow().AddSeconds(-random.Next(120)))));
                }

                var (items, next) = feed.Page(request);
                given.AddRange(items);
                request = request with { Cursor = next };
            }

            given.AddRange(feed.Drain(request));
            AssertEachOnce(feed.Arrived, given, seed);
        }
    }

    [Theory]
    [InlineData(3000, 1)]
    [InlineData(3000, 100)]
    [InlineData(1500, 240)]
    [InlineData(513, 1)]
    public void Pages_MoreMessagesWithinTheOverlapThanACursorRemembers_GiveEachOnce(int count, int seconds)
    {
        var feed = new PagedFeed(Noon);
        for (var i = 0; i < count; i++)
        {
            feed.Receive(Noon.AddSeconds(-i % seconds));
        }

        foreach (var limit in (string[])["1000", "512", "77"])
        {
            AssertEachOnce(feed.Arrived, feed.Drain(Oldest with { Limit = limit }), count);
        }
    }

    [Fact]
    public void Pages_BusySecondThatGoesOnAfterItsFirstPage_GiveEachOnce()
    {
        var feed = new PagedFeed(Noon);
        var request = Oldest with { Limit = "1000" };
        var given = new List<Message>();
        for (var burst = 0; burst < 4; burst++)
        {
            for (var i = 0; i < 400; i++)
            {
                feed.Receive(Noon);
            }

            var (items, next) = feed.Page(request);
            given.AddRange(items);
            request = request with { Cursor = next };
        }

        Assert.Equal(given.Count, given.Select(message => message.Id).Distinct().Count());

        // A cursor remembers 512 positions. A late message before them may be missed, a late message among them never.
        var last = feed.Receive(Noon.AddSeconds(1));
        Assert.Contains(last, feed.Drain(request));
    }

    [Fact]
    public void Page_FilledByLateMessages_LeavesTheOtherLateOnesToTheNext()
    {
        var feed = new PagedFeed(Noon);
        feed.Receive(Noon.AddSeconds(-10), "да");
        var request = Oldest with { Contains = "да", Limit = "1" };
        request = request with { Cursor = feed.Page(request).Next };
        var late = feed.Receive(Noon.AddSeconds(-70), "да");
        var later = feed.Receive(Noon.AddSeconds(-60), "да");
        feed.Clock.Advance(TimeSpan.FromHours(1));
        feed.Receive(feed.Clock.GetUtcNow(), "нет");

        Assert.Equal([late, later], feed.Drain(request));
    }

    [Fact]
    public void Cursor_AtTheEnd_GivesNothingUntilSomethingArrives()
    {
        var feed = new PagedFeed(Noon);
        feed.Receive(Noon.AddHours(-1));
        var end = feed.Page(Oldest).Next;

        var (items, next) = feed.Page(Oldest with { Cursor = end });
        Assert.Empty(items);
        var arrived = feed.Receive(Noon);

        Assert.Equal([arrived], feed.Page(Oldest with { Cursor = next }).Items);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-11T11:59:30")]
    public void CursorNow_WhateverCameBefore_GivesOnlyWhatArrivesFromHereOn(string? from)
    {
        foreach (var now in (DateTimeOffset[])[Noon, Noon.AddHours(12).AddSeconds(30), Noon.AddHours(12).AddMinutes(10)])
        {
            foreach (var age in (double[])[0, 20, 110, 130, 659, 3000, 86_400, 300_000])
            {
                var feed = new PagedFeed(now);
                feed.Receive(now.AddSeconds(-age));
                var request = new PageRequest { Order = "asc", From = from, Cursor = "now" };
                var (items, next) = feed.Page(request);
                Assert.Empty(items);
                request = request with { Cursor = next };
                Assert.Empty(feed.Page(request).Items);

                feed.Clock.Advance(TimeSpan.FromSeconds(5));
                var late = feed.Receive(now.AddSeconds(-20));
                var onTime = feed.Receive(now.AddSeconds(5));

                Assert.Equal([late, onTime], feed.Drain(request));
            }
        }
    }

    [Fact]
    public void Page_To_EndsBeforeThatMoment()
    {
        var feed = new PagedFeed(Noon);
        var before = feed.Receive(Noon.AddSeconds(-61));
        feed.Receive(Noon.AddSeconds(-60));

        Assert.Equal([before], feed.Drain(Oldest with { To = "2026-03-11T11:59:00" }));
    }

    private static void AssertEachOnce(IEnumerable<Message> expected, List<Message> given, int seed)
    {
        var ids = given.Select(message => message.Id).ToList();
        Assert.True(ids.Count == ids.Distinct().Count(), $"Case {seed}: a message came twice.");
        Assert.True(expected.Select(message => message.Id).ToHashSet().SetEquals(ids), $"Case {seed}: a message is missing.");
    }
}
