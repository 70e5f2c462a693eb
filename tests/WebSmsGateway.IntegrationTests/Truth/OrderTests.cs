using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>Messages of one second stand in the order of the list of WEBSMS.</summary>
public sealed class OrderTests() : Scenario(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)))
{
    [Theory]
    [InlineData(RecordOrder.Asc)]
    [InlineData(RecordOrder.Desc)]
    public async Task Read_EightMessagesOfOneSecond_StandInTheOrderOfTheList(RecordOrder order)
    {
        string[] texts = ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь"];
        Account.Receive("2026-03-15 10:59:59", "до");
        foreach (var text in texts)
        {
            Account.Receive("2026-03-15 11:00:00", text);
        }

        Account.Receive("2026-03-15 11:00:01", "после");
        Account.Behaviour = new() { Format = new() { Order = order } };
        await using var gateway = Start();

        Assert.Equal(["до", .. texts, "после"], (await gateway.ReadAsync("2026-03-15", query: "&order=asc")).Texts);
        Assert.Equal(["после", .. texts.Reverse(), "до"], (await gateway.ReadAsync("2026-03-15")).Texts);

        // What is reported later follows.
        Clock.Advance(TimeSpan.FromMinutes(6));
        Account.Receive("2026-03-15 11:00:00", "поздно");
        await gateway.ReadAsync("2026-03-15");
        await SettleAsync(gateway);
        Assert.Equal(["до", .. texts, "поздно", "после"], (await gateway.ReadAsync("2026-03-15", query: "&order=asc")).Texts);
    }

    [Fact]
    public async Task Follow_FiveThousandOfOneSecondInFortyReports_AllAreGivenOnceInTheSameOrder()
    {
        const int reports = 40;
        await using var gateway = Start(("Cache:Freshness", "00:00:01"));
        var small = new PageFollower(gateway, "from=2026-03-15&limit=7");
        var large = new PageFollower(gateway, "from=2026-03-15&limit=1000");
        await small.ReadAsync();
        await large.ReadAsync();
        var sent = new List<string>();
        for (var report = 0; report < reports; report++)
        {
            Clock.Advance(TimeSpan.FromSeconds(2));
            Send(125, "2026-03-15 12:00:00");
            Send(20, $"2026-03-15 11:59:{report:00}");
            Send(5, $"2026-03-15 12:0{(2 * report) / 60}:{(2 * report) % 60:00}");
            await small.ReadAsync();
            await large.ReadAsync();
        }

        await large.ReadAllAsync();
        await small.ReadAllAsync();

        Assert.Equal(sent.Order(), large.Texts.Order());
        Assert.Equal(large.Texts, small.Texts);

        void Send(int count, string localTime)
        {
            var texts = Enumerable.Range(sent.Count, count).Select(i => $"сообщение {i}").ToList();
            sent.AddRange(texts);
            Account.AddMessages(texts.Select(
                text => new SimulatorMessage(Number, "79161234567", text) { LocalTime = DateTime.Parse(localTime) }));
        }
    }
}
