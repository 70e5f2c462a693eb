using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>Paging through 10,000 messages while others arrive.</summary>
public sealed class PagingTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const int Count = 10_000;

    private readonly FakeTimeProvider clock = new(GatewayAtNoon.Noon);
    private readonly Random random = new(3);
    private int arrived;

    [Theory]
    [InlineData("Number", "/rented-numbers/79021234567/messages")]
    [InlineData("Account", "/rented-numbers/79021234567/messages")]
    [InlineData("Number", "/messages")]
    public async Task Ascending_WhileMessagesArrive_GivesEachOnceAndInTheEndAll(string scope, string path)
    {
        var account = Fill();
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, clock, ("Upstream:Scope", scope));
        var given = new List<string>();
        var rest = "";
        for (var quiet = 0; quiet < 2;)
        {
            var page = await gateway.GetAsync($"{path}?from=2026-02-20&order=asc&limit=1000{rest}");
            given.AddRange(GatewayAtNoon.Texts(page));
            rest = $"&cursor={page.GetProperty("nextCursor").GetString()}";
            quiet = page.GetProperty("items").GetArrayLength() == 0 ? quiet + 1 : 0;
            if (given.Count < Count + 500)
            {
                Arrive(account);
            }
            else
            {
                clock.Advance(TimeSpan.FromSeconds(6));
            }
        }

        Assert.Equal(arrived, given.Count);
        Assert.Equal(arrived, given.Distinct().Count());
    }

    [Theory]
    [InlineData("/rented-numbers/79021234567/messages")]
    [InlineData("/messages")]
    public async Task Descending_WhileMessagesArrive_GivesAllThatWereThereOnceAndInOrder(string path)
    {
        var account = Fill();
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, clock);
        var given = new List<(DateTimeOffset ReceivedAt, string Text)>();
        string? cursor = null;
        do
        {
            var page = await gateway.GetAsync($"{path}?from=2026-02-20&limit=1000{(cursor is null ? "" : $"&cursor={cursor}")}");
            given.AddRange(page.GetProperty("items").EnumerateArray().Select(
                item => (item.GetProperty("receivedAt").GetDateTimeOffset(), item.GetProperty("text").GetString()!)));
            cursor = page.GetProperty("nextCursor").GetString();
            Arrive(account);
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"№ {i}").Order(), given.Select(item => item.Text).Order());
        Assert.Equal(given.Select(item => item.ReceivedAt).OrderDescending(), given.Select(item => item.ReceivedAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&from=2026-03-01")]
    public async Task CursorNow_OnlyWhatArrivesFromHereOn_IsGivenOnce(string from)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(GatewayAtNoon.Sms("2026-03-09 10:00:00", "старое"), GatewayAtNoon.Sms("2026-03-11 11:59:30", "свежее"));
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, clock);
        var start = await gateway.GetAsync($"/messages?order=asc&cursor=now{from}");
        account.AddMessages(GatewayAtNoon.Sms("2026-03-11 11:59:10", "опоздавшее"), GatewayAtNoon.Sms("2026-03-11 12:00:03", "новое"));
        clock.Advance(TimeSpan.FromSeconds(6));

        var next = await gateway.GetAsync($"/messages?order=asc&cursor={start.GetProperty("nextCursor").GetString()}{from}");
        var last = await gateway.GetAsync($"/messages?order=asc&cursor={next.GetProperty("nextCursor").GetString()}{from}");

        Assert.Empty(GatewayAtNoon.Texts(start));
        Assert.Equal(["опоздавшее", "новое"], GatewayAtNoon.Texts(next));
        Assert.Empty(GatewayAtNoon.Texts(last));
    }

    /// <summary>The messages of nineteen days, many of them within one second.</summary>
    private SimulatedAccount Fill()
    {
        var account = fixture.Simulator.NewAccount();
        var start = new DateTime(2026, 2, 20, 0, 0, 0, DateTimeKind.Unspecified);
        var end = new DateTime(2026, 3, 11, 11, 57, 0, DateTimeKind.Unspecified);
        account.AddMessages(Enumerable.Range(0, Count).Select(i => new SimulatorMessage(RunningGateway.Number, "79161234567", $"№ {i}")
        {
            LocalTime = i % 10 < 3 ? end.AddSeconds(-random.Next(60)) : start.AddSeconds(random.Next((int)(end - start).TotalSeconds)),
        }));
        arrived = Count;
        return account;
    }

    /// <summary>Six seconds pass. Some messages arrive, and one of them is dated late.</summary>
    private void Arrive(SimulatedAccount account)
    {
        clock.Advance(TimeSpan.FromSeconds(6));
        for (var i = 0; i < 50; i++)
        {
            var local = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow")).DateTime;
            account.AddMessages(new SimulatorMessage(
                RunningGateway.Number, "79161234567", $"№ {arrived++}")
            { LocalTime = local.AddSeconds(i == 0 ? -90 : 0) });
        }
    }
}
