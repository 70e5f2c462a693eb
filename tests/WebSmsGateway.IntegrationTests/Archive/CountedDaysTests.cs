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

    private RunningGateway Start(params (string, string?)[] settings) =>
        RunningGateway.Start(simulator, account, clock, [("Cache:MemoryLimitMegabytes", "1"), .. settings]);

    private static string Dotted(string day) => $"{day[8..]}.{day[5..7]}.{day[..4]}";

    private static IEnumerable<(string, int)> Counts(System.Text.Json.JsonElement list) => list.GetProperty("items").EnumerateArray()
        .Select(item => (item.GetProperty("number").GetString()!, item.GetProperty("messageCount").GetInt32()));
}
