using WebSmsGateway.Messages;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

/// <summary>Who follows gets each message once, however late it is reported.</summary>
public sealed class FollowerTests
{
    private static readonly PageRequest Oldest = new() { Order = "asc", From = "2026-03-10" };
    private static readonly DateTimeOffset Noon = Moment(11, 12);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Pages_WhileMessagesArriveAndSomeAreReportedLate_GiveEachOnce(int seed)
    {
        var random = new Random(seed);
        using var account = new FollowedAccount(Moment(10, 23, 50).AddSeconds(random.Next(900)));
        var (request, given) = (Oldest with { Limit = $"{random.Next(1, 7)}" }, new List<string>());
        for (var step = 0; step < 40; step++)
        {
            account.Clock.Advance(TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(400) : random.Next(30)));
            for (var arrivals = random.Next(8); arrivals > 0; arrivals--)
            {
                var late = random.Next(5) == 0 ? TimeSpan.FromMinutes(random.Next(600)) : TimeSpan.Zero;
                account.Receive(account.Clock.GetUtcNow().AddSeconds(-random.Next(121)), late: late);
            }

            (var items, request) = await NextAsync(account, request);
            given.AddRange(items);
        }

        given.AddRange(await account.DrainThroughRechecksAsync(request));
        Assert.Equal(account.Arrived.Order(), given.Order());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Pages_ThroughTheHourThatTheClockRepeats_GiveEachOnce(int seed)
    {
        // Moscow, 26.10.2014: at 02:00 the clock went back to 01:00. WEBSMS writes wall-clock times only.
        var random = new Random(seed);
        using var account = new FollowedAccount(new DateTimeOffset(2014, 10, 26, 0, 40, 0, TimeSpan.FromHours(4)));
        var (request, given) = (new PageRequest { Order = "asc", From = "2014-10-26", Limit = "5" }, new List<string>());
        while (account.Clock.GetUtcNow() < new DateTimeOffset(2014, 10, 26, 2, 20, 0, TimeSpan.FromHours(3)))
        {
            account.Clock.Advance(TimeSpan.FromSeconds(random.Next(300)));
            for (var arrivals = random.Next(6); arrivals > 0; arrivals--)
            {
                account.Receive(account.Clock.GetUtcNow().AddSeconds(-random.Next(120)));
            }

            (var items, request) = await NextAsync(account, request);
            given.AddRange(items);
        }

        account.Clock.Advance(TimeSpan.FromMinutes(6));
        given.AddRange((await account.DrainAsync(request)).Items);
        Assert.Equal(account.Arrived.Order(), given.Order());
    }

    [Theory]
    [InlineData("7", 125, 0)]
    [InlineData("1000", 125, 0)]
    [InlineData("7", 2500, 6)]
    [InlineData("1000", 2500, 6)]
    public async Task Pages_FortyReportsOfOneSecondOrOfOneDay_GiveAllInOneOrder(string limit, int size, int seconds)
    {
        using var account = new FollowedAccount(Noon);
        var (request, given) = (Oldest with { Limit = limit }, new List<string>());
        for (var report = 0; report < 40; report++)
        {
            for (var i = 0; i < size; i++)
            {
                account.Receive(Noon.AddSeconds(report * seconds));
            }

            account.Clock.Advance(TimeSpan.FromSeconds(6));
            var (items, next) = await account.DrainAsync(request);
            given.AddRange(items);
            request = request with { Cursor = next };
        }

        Assert.Equal(account.Arrived, given);
        Assert.Equal(account.Arrived, (await account.DrainAsync(Oldest with { Limit = limit })).Items);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-11T11:59:30")]
    public async Task CursorNow_WhateverCameBefore_GivesOnlyWhatArrivesFromHereOn(string? from)
    {
        foreach (var now in (DateTimeOffset[])[Noon, Moment(12, 0, 0, 30), Moment(12, 0, 10)])
        {
            foreach (var age in (double[])[1, 20, 110, 130, 659, 3000, 86_400, 300_000])
            {
                using var account = new FollowedAccount(now);
                account.Receive(now.AddSeconds(-age));
                var (items, request) = await NextAsync(account, new PageRequest { Order = "asc", From = from, Cursor = "now" });
                Assert.Empty(items);
                (items, request) = await NextAsync(account, request);
                Assert.Empty(items);

                account.Clock.Advance(TimeSpan.FromSeconds(5));
                var late = account.Receive(now.AddSeconds(-20));
                var onTime = account.Receive(now.AddSeconds(5));

                Assert.Equal([late, onTime], (await account.DrainAsync(request)).Items);
            }
        }
    }

    [Fact]
    public async Task Pages_OfDaysThatMemoryCannotHold_GiveEachOnce()
    {
        using var account = new FollowedAccount(Noon, memoryMegabytes: 0);
        var messages = Enumerable.Range(0, 9).Select(i => account.Receive(Noon.AddMinutes(i - 20))).ToList();

        var (given, next) = await account.DrainAsync(Oldest with { Limit = "2" });
        Assert.Equal(messages, given);

        account.Clock.Advance(TimeSpan.FromMinutes(5));
        var more = account.Receive(account.Clock.GetUtcNow());

        // Of a day without stamps the current second cannot be told from the one before, so it is given until it is over.
        account.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([more], (await account.DrainAsync(Oldest with { Limit = "2", Cursor = next })).Items);
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Pages_DayThatCannotBeRead_EndBeforeItAndGoOnFromThereLater(string order)
    {
        using var account = new FollowedAccount(Noon);
        var days = Enumerable.Range(8, 4).Select(day => account.Receive(Moment(day, 10))).ToList();
        account.Unanswered.Add(new DateOnly(2026, 3, 10));
        var request = new PageRequest { Order = order, From = "2026-03-08" };

        // Four days are one question, which fails. Days that were read before are known.
        await account.ReadAsync(new PageRequest { From = "2026-03-08", To = "2026-03-09" });
        await account.ReadAsync(new PageRequest { From = "2026-03-11" });
        account.Clock.Advance(TimeSpan.FromSeconds(1));
        var reading = await account.ReadAsync(request);
        Assert.NotNull(reading.EndedBefore);
        Assert.True(reading.Page!.Stale);
        var given = reading.Page.Items.Select(message => message.Text).ToList();
        Assert.Equal(order == "asc" ? [days[0], days[1]] : [days[3]], given);

        account.Unanswered.Clear();
        account.Clock.Advance(TimeSpan.FromMinutes(1));
        given.AddRange((await account.DrainAsync(request with { Cursor = reading.Page.NextCursor })).Items);
        Assert.Equal(order == "asc" ? days : Enumerable.Reverse(days), given);
    }

    [Fact]
    public async Task Pages_ReportedDaysAfterTheEndOfTheDay_AreGivenOnceAfterTheRecheck()
    {
        using var account = new FollowedAccount(Noon);
        account.Receive(Noon.AddMinutes(-5));
        TimeSpan[] ages = [TimeSpan.FromHours(13), TimeSpan.FromDays(1.5), TimeSpan.FromDays(6.4)];
        var late = ages.Select((age, i) => account.Receive(Noon.AddMinutes(i), late: age)).ToList();
        var (items, request) = await NextAsync(account, Oldest);
        Assert.Single(items);

        var given = new List<string>();
        for (var step = 0; step < 8 * 24; step++)
        {
            account.Clock.Advance(TimeSpan.FromHours(1));
            (items, request) = await NextAsync(account, request);
            given.AddRange(items);
        }

        Assert.Equal(late, given);
        Assert.Equal(account.Arrived, (await account.DrainAsync(Oldest)).Items);
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Cursor_OfVersion1_GoesOnFromItsPlaceInTime(string order)
    {
        using var account = new FollowedAccount(Noon);
        var messages = Enumerable.Range(0, 6).Select(minute => account.Receive(Noon.AddMinutes(minute - 10))).ToList();
        var query = MessageQuery.FingerprintOf(Number, Moment(10, 0), null, null, null, order == "asc");
        var request = Oldest with { Order = order, Cursor = EarlierCursorText.Of(3, query, Noon.AddMinutes(-7)) };

        var (items, next) = await account.DrainAsync(request);

        // The overlap of an ascending one is given again. A descending one goes on from the second of its last message.
        Assert.Equal(order == "asc" ? messages[3..] : Enumerable.Reverse(messages[..6]), items);
        if (order == "asc")
        {
            account.Clock.Advance(TimeSpan.FromSeconds(9));
            var last = account.Receive(Noon);
            Assert.Equal([last], (await account.DrainAsync(request with { Cursor = next })).Items);
        }
    }

    [Fact]
    public async Task Page_To_EndsBeforeThatMoment()
    {
        using var account = new FollowedAccount(Noon);
        var before = account.Receive(Noon.AddSeconds(-61));
        account.Receive(Noon.AddSeconds(-60));

        Assert.Equal([before], (await account.DrainAsync(Oldest with { To = "2026-03-11T11:59:00" })).Items);
    }

    private static async Task<(List<string> Items, PageRequest Next)> NextAsync(FollowedAccount account, PageRequest request)
    {
        var (items, next) = await account.PageAsync(request);
        return (items, request with { Cursor = next });
    }
}
