using System.Text.Json;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>The gateway gives the messages of the vendor's own examples.</summary>
public sealed class VendorExampleTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData("json")]
    [InlineData("xml")]
    [InlineData("txt")]
    public async Task Messages_OfTheVendorsExample_ComeOutAsTheApiDescribes(string format)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage("79021234567", "79161234567", "Тест") { LocalTime = new(2013, 3, 11, 12, 9, 1) });
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, settings: ("Upstream:Format", format));

        var page = await gateway.GetAsync("/rented-numbers/79021234567/messages?from=2013-03-11&to=2013-03-11");

        var message = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Matches("^20130311-[0-9A-HJKMNP-TV-Z]{12}$", message.GetProperty("id").GetString());
        Assert.Equal("79021234567", message.GetProperty("rentedNumber").GetString());
        Assert.Equal("79161234567", message.GetProperty("sender").GetString());
        Assert.Equal("2013-03-11T12:09:01+04:00", message.GetProperty("receivedAt").GetString());
        Assert.Equal("Тест", message.GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("nextCursor").ValueKind);
        Assert.Equal("2013-03-12T00:00:00+04:00", page.GetProperty("completeUntil").GetString());
        Assert.False(page.GetProperty("stale").GetBoolean());
        Assert.Empty(page.GetProperty("problems").EnumerateArray());
    }
}
