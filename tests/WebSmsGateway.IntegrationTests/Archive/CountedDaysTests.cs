using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Archive;

/// <summary>A year does not fit into memory. What is known about its days does. The clock stands at noon of 15 March 2026 in Moscow.</summary>
public sealed class CountedDaysTests : IAsyncLifetime
{
    private const string Rare = "79021234999";
    private const string From = "2025-03-20";
    private const string To = "2026-03-14";

    private static readonly string[] RareDays = ["2025-05-05", "2025-11-11", "2026-02-02"];

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)));
    private RunningSimulator simulator = null!;
    private SimulatedAccount account = null!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync(clock);
        account = simulator.NewAccount();
        for (var day = DateTime.Parse(From); day <= DateTime.Parse(To); day = day.AddDays(1))
        {
            account.AddMessages(Enumerable.Range(0, 10).Select(i =>
                new SimulatorMessage(RunningGateway.Number, "79161234567", new string('ы', 1000)) { LocalTime = day.AddHours(1 + i) }));
        }

        foreach (var day in RareDays)
        {
            account.Receive($"{day} 12:00:00", day, Rare);
        }
    }

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Theory]
    [InlineData("&limit=1000")]
    [InlineData("&limit=1000&order=asc")]
    public async Task Page_OfARareNumberOverAYearLargerThanMemory_AsksOnlyForItsDays(string query)
    {
        await using var gateway = Start();
        var first = await gateway.ReadAsync(From, To, Rare, query);
        Assert.Equal(RareDays, first.Texts.Order());
        account.ClearRequests();

        // Another limit, so that no page is cached.
        var again = await gateway.ReadAsync(From, To, Rare, query.Replace("1000", "999", StringComparison.Ordinal));

        Assert.Equal(first.Texts, again.Texts);
        Assert.Equal(first.CompleteUntil, again.CompleteUntil);
        Assert.False(again.IsStale);
        Assert.InRange(account.Requests().Count, 0, RareDays.Length);
        Assert.All(account.Requests(), call => Assert.Contains(call.Parameters["startdate"][..10], RareDays.Select(Dotted)));
        Assert.All(account.Requests(), call => Assert.Equal(call.Parameters["startdate"][..10], call.Parameters["enddate"][..10]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&order=asc")]
    public async Task Page_OfABusyNumberOverAYearLargerThanMemory_AsksOnlyForTheDaysThatFillIt(string order)
    {
        await using var gateway = Start();
        await gateway.ReadAsync(From, "2026-02-14", query: "&limit=1000");
        await gateway.ReadAsync(From, To, query: "&limit=1000");
        var whole = await gateway.ReadAsync(From, "2026-02-14", query: $"&limit=100{order}");
        account.ClearRequests();

        var page = await gateway.ReadAsync(From, "2026-02-14", query: $"&limit=35{order}");

        Assert.Equal(whole.Texts.Take(35), page.Texts);
        Assert.InRange(account.Requests().Count, 0, 1);
        Assert.All(account.Requests(), call => Assert.InRange(DaysOf(call), 1, 6));
    }

    [Fact]
    public async Task Page_OfManySeparateDays_AsksNoMoreQuestionsAtOnceThanWebsmsMayBeAsked()
    {
        const string Alternate = "79021234888";
        for (var day = DateTime.Parse(From); day <= DateTime.Parse(To); day = day.AddDays(2))
        {
            account.Receive($"{day:yyyy-MM-dd} 13:00:00", $"{day:yyyy-MM-dd}", Alternate);
        }

        await using var gateway = Start();
        var first = await gateway.ReadAsync(From, To, Alternate);
        Assert.Equal(180, first.Items.Count());
        account.ClearRequests();

        var again = await gateway.ReadAsync(From, To, Alternate, "&limit=999");

        Assert.Equal(first.Texts, again.Texts);
        Assert.InRange(account.MostCallsInFlight, 1, 4);
        Assert.All(account.Requests(), call => Assert.Equal(1, DaysOf(call)));
    }

    [Fact]
    public async Task Download_OfARareNumberOverAYearLargerThanMemory_AsksOnlyForItsDays()
    {
        await using var gateway = Start();
        var path = $"/rented-numbers/{Rare}/messages?from={From}&to={To}";
        async Task<string> DownloadAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd("application/x-ndjson");
            using var response = await gateway.Client.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }

        var first = await DownloadAsync();
        account.ClearRequests();

        Assert.Equal(first, await DownloadAsync());
        Assert.Equal(3, first.Trim().Split('\n').Length);
        Assert.InRange(account.Requests().Count, 0, RareDays.Length);
    }

    [Fact]
    public async Task Message_OfADayWithoutTheNumber_IsNotFoundWithoutAQuestion()
    {
        await using var gateway = Start();
        await gateway.ReadAsync(From, To, Rare);
        account.ClearRequests();

        using var response = await gateway.Client.GetAsync($"/rented-numbers/{Rare}/messages/20250401-7K3M9Q2X4C8N");

        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(account.Requests());
    }

    [Fact]
    public async Task RentedNumbers_OverAYearLargerThanMemory_ReadAMonthAtATimeAndThenAskForNothing()
    {
        await using var gateway = Start();
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Hang()] };
        var list = gateway.GetAsync($"/rented-numbers?from={From}&to={To}");
        await account.WaitForCallsInFlightAsync(1);
        account.Behaviour = new SimulatorBehaviour();
        var first = await list;
        Assert.Equal(1, account.MostCallsInFlight);
        Assert.Equal([(RunningGateway.Number, 3600), (Rare, 3)], Counts(first));
        account.ClearRequests();

        // Another range, so that no answer is cached: its first day is read with its messages, because it counts in part.
        var again = await gateway.GetAsync($"/rented-numbers?from={From}T02:30:00&to={To}");

        Assert.Equal([(RunningGateway.Number, 3598), (Rare, 3)], Counts(again));
        Assert.Equal(first.GetProperty("items")[1].GetRawText(), again.GetProperty("items")[1].GetRawText());
        Assert.InRange(account.Requests().Count, 0, 1);
    }

    [Fact]
    public async Task Page_DayWithoutTheNumberIsDueAgain_IsAskedForAndGivesWhatWasReportedLate()
    {
        await using var gateway = Start(("Cache:RecheckAges:0", "10.00:00:00"));
        const string Day = "2026-03-10";
        await gateway.ReadAsync(From, Day, Rare);
        await gateway.ReadAsync(From, "2025-12-31", Rare);
        account.Receive($"{Day} 12:00:00", "поздно", Rare);
        account.ClearRequests();
        Assert.Empty((await gateway.ReadAsync(Day, Day, Rare, "&limit=10")).Texts);
        Assert.Empty(account.Requests());

        clock.Advance(TimeSpan.FromDays(6));

        Assert.Equal(["поздно"], (await gateway.ReadAsync(Day, Day, Rare, "&limit=11")).Texts);
    }

    [Fact]
    public async Task Page_AnotherReplicaLearnedOfALateMessage_GivesIt()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = Start(("Cache:Redis", redis.ConnectionString));
        await using var second = Start(("Cache:Redis", redis.ConnectionString), ("Cache:MemoryLimitMegabytes", "64"));
        const string Day = "2026-03-13";
        await first.ReadAsync(From, To, Rare);
        await first.ReadAsync(From, "2025-12-31", query: "&limit=1000");
        account.Receive($"{Day} 12:00:00", "поздно", Rare);
        clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(["поздно"], (await second.ReadAsync(Day, Day, Rare)).Texts);
        account.ClearRequests();

        Assert.Equal(["поздно"], (await first.ReadAsync(Day, Day, Rare, "&limit=12")).Texts);
        Assert.Empty(account.Requests());
    }

    [Fact]
    public async Task Page_DueDaysWhileWebsmsHangs_WaitsOnceForAllOfThem()
    {
        await using var gateway = Start();
        await gateway.ReadAsync(From, To, Rare);
        clock.Advance(TimeSpan.FromDays(31));
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Hang()] };
        var page = gateway.GetAsync($"/rented-numbers?from={From}&to={To}");
        await account.WaitForCallsInFlightAsync(1);

        // Upstream:AnswerWithin
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(2, (await page.WaitAsync(TimeSpan.FromSeconds(20))).GetProperty("items").GetArrayLength());
    }

    private static int DaysOf(SimulatorRequest call) =>
        1 + (int)(DateTime.ParseExact(call.Parameters["enddate"][..10], "dd.MM.yyyy", null) - DateTime.ParseExact(call.Parameters["startdate"][..10], "dd.MM.yyyy", null)).TotalDays;

    private RunningGateway Start(params (string, string?)[] settings) =>
        RunningGateway.Start(simulator, account, clock, [("Cache:MemoryLimitMegabytes", "1"), .. settings]);

    private static string Dotted(string day) => $"{day[8..]}.{day[5..7]}.{day[..4]}";

    private static IEnumerable<(string, int)> Counts(System.Text.Json.JsonElement list) => list.GetProperty("items").EnumerateArray()
        .Select(item => (item.GetProperty("number").GetString()!, item.GetProperty("messageCount").GetInt32()));
}
