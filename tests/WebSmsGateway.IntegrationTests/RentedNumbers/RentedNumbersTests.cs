using System.Net;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.RentedNumbers;

public sealed class RentedNumbersTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    private const string Other = "79021234568";
    private const string Third = "79021234569";

    private readonly (string, string?)[] closed =
    [
        ("RentedNumbers:0:Number", "+79021234567"), ("RentedNumbers:0:Label", "Касса «Восток»"), ("RentedNumbers:1:Number", Third),
    ];

    [Fact]
    public async Task List_NothingConfigured_IsWhatTheAccountReceivedInSevenDays()
    {
        await using var gateway = RunningGateway.Start(noon.Simulator, Account(), noon.Clock);

        Assert.Equal(
            """{"items":[{"number":"79021234567","label":null,"messageCount":2,"lastMessageAt":"2026-03-11T11:00:00+03:00"},{"number":"79021234568","label":null,"messageCount":1,"lastMessageAt":"2026-03-10T10:00:00+03:00"}]}""",
            await gateway.Client.GetStringAsync("/rented-numbers"));
    }

    [Fact]
    public async Task List_Configured_IsTheConfiguredNumbersWithLabels()
    {
        await using var gateway = RunningGateway.Start(noon.Simulator, Account(), noon.Clock, closed);

        Assert.Equal(
            """{"items":[{"number":"79021234567","label":"Касса «Восток»","messageCount":3,"lastMessageAt":"2026-03-11T11:00:00+03:00"},{"number":"79021234569","label":null,"messageCount":0,"lastMessageAt":null}]}""",
            await gateway.Client.GetStringAsync("/rented-numbers?from=2026-03-01"));
    }

    [Fact]
    public async Task List_Range_CountsFromInclusiveToExclusive()
    {
        await using var gateway = RunningGateway.Start(noon.Simulator, Account(), noon.Clock);

        var inside = await gateway.GetAsync("/rented-numbers?from=2026-03-11T10:00:00&to=2026-03-11T11:00:00");
        Assert.Equal(1, inside.GetProperty("items")[0].GetProperty("messageCount").GetInt32());
        var day = await gateway.GetAsync("/rented-numbers?from=2026-03-10&to=2026-03-10");
        Assert.Equal([Other], Numbers(day));
    }

    [Fact]
    public async Task List_NarrowKey_ShowsItsOwnUnderAnotherTag()
    {
        await using var gateway = RunningGateway.Start(noon.Simulator, Account(), noon.Clock);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        using var all = await gateway.Client.GetAsync("/rented-numbers");
        using var own = await narrow.GetAsync("/rented-numbers");

        Assert.Equal([RunningGateway.Number], Numbers(await GatewayAtNoon.ReadAsync(own)));
        Assert.NotEqual(all.Headers.ETag, own.Headers.ETag);
        using var again = await GatewayAtNoon.GetAsync(narrow, "/rented-numbers", "If-None-Match", own.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task ClosedList_OtherNumber_IsNotFound()
    {
        var account = Account();
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock, closed);

        foreach (var path in (string[])[$"/rented-numbers/{Other}/messages", $"/rented-numbers/+{Other}/messages/20260310-7K3M9Q2X4C8N"])
        {
            using var response = await gateway.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("not-found", (await GatewayAtNoon.ReadAsync(response)).GetProperty("code").GetString());
        }

        Assert.Empty(account.Requests());
        using var listed = await gateway.Client.GetAsync($"/rented-numbers/{Third}/messages");
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
    }

    [Fact]
    public async Task Number_WithPlus_IsTheSameNumber()
    {
        await using var gateway = RunningGateway.Start(noon.Simulator, Account(), noon.Clock);

        foreach (var number in (string[])["79021234567", "+79021234567", "%2B79021234567"])
        {
            var page = await gateway.GetAsync($"/rented-numbers/{number}/messages");
            Assert.Equal(2, page.GetProperty("items").GetArrayLength());
        }
    }

    private static IEnumerable<string> Numbers(JsonElement list) =>
        list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("number").GetString()!);

    private SimulatedAccount Account()
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(
            GatewayAtNoon.Sms("2026-03-03 10:00:00"), GatewayAtNoon.Sms("2026-03-11 10:00:00"), GatewayAtNoon.Sms("2026-03-11 11:00:00"),
            GatewayAtNoon.Sms("2026-03-10 10:00:00", number: Other));
        return account;
    }
}
