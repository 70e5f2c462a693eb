using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Truth;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>What a receiver gets, and when: the clock is that of the test.</summary>
public sealed class DeliveryTests() : Scenario(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)))
{
    [Fact]
    public async Task Message_ThatArrives_IsDeliveredSignedWithItsIdAndACursorBehindIt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(receiver);
        Arrive("Код 482913");
        await UntilAsync(() => receiver.Taken.Count == 1);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Arrive("второе");
        await UntilAsync(() => receiver.Taken.Count == 2);

        var (first, second) = (receiver.Taken[0], receiver.Taken[1]);
        var page = (await gateway.GetAsync("/messages?order=asc")).GetProperty("items");
        Assert.All(receiver.Taken, webhook => Assert.True(webhook.IsVerified, webhook.Body));
        Assert.Equal(["type", "timestamp", "data", "cursor"], first.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("message.received", first.Type);
        Assert.Equal(page[0].GetRawText(), first.Json.GetProperty("data").GetRawText());
        Assert.Equal(page[0].GetProperty("receivedAt").GetRawText(), first.Json.GetProperty("timestamp").GetRawText());
        Assert.Equal([.. page.EnumerateArray().Select(item => item.GetProperty("id").GetString())], receiver.Taken.Select(webhook => webhook.Id));
        Assert.StartsWith("application/json", first.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.DoesNotContain("Cookie", first.Headers.Keys);
        Assert.DoesNotContain("traceparent", first.Headers.Keys);

        // With any filter, and as long as the order is that of discovery.
        Assert.Equal(["второе"], (await gateway.GetAsync($"/messages?order=asc&cursor={first.Cursor}")).Texts());
        Assert.Equal(["второе"], (await gateway.GetAsync($"/messages?order=asc&sender=79161234567&contains=втор&limit=1&cursor={first.Cursor}")).Texts());
        Assert.Empty((await gateway.GetAsync($"/messages?order=asc&sender=Bank&cursor={first.Cursor}")).Texts());
        var rest = await gateway.GetAsync($"/messages?order=asc&cursor={second.Cursor}");
        Assert.Empty(rest.Texts());
        Arrive("третье");
        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["третье"], (await gateway.GetAsync($"/messages?order=asc&cursor={rest.Next()}")).Texts());
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Client.GetAsync($"/messages?cursor={first.Cursor}")).StatusCode);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(301)]
    [InlineData(429)]
    [InlineData(404)]
    public async Task Message_TheReceiverFails_IsSentAgainWithTheSameBytesBeforeAllOthers(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => receiver.Received.Count <= 3 ? status : 200;
        await using var gateway = await StartAsync(receiver);
        Arrive("первое");
        Arrive("второе");
        await UntilAsync(() => receiver.Taken.Count == 2);

        Assert.Equal(["первое", "первое", "первое", "первое", "второе"], receiver.Received.Select(webhook => webhook.Text));
        Assert.Single(receiver.Received.Take(4).Select(webhook => webhook.Body).Distinct());
        Assert.Equal(4, receiver.Received.Take(4).Select(webhook => webhook.Headers["webhook-timestamp"]).Distinct().Count());
        Assert.All(receiver.Received, webhook => Assert.True(webhook.IsVerified));
        Assert.Equal(1, receiver.MostAtOnce);
    }

    [Fact]
    public async Task Message_TriedBeforeARestart_HasTheSameBytesAfterIt()
    {
        var directory = Directory.CreateTempSubdirectory("webhook-state-");
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => 500;
        await using (await StartAsync(receiver, ("Webhooks:StateDirectory", directory.FullName)))
        {
            Arrive("первое");
            await UntilAsync(() => receiver.Received.Count == 2);
        }

        receiver.Answer = _ => 200;
        await using (Start(receiver, ("Webhooks:StateDirectory", directory.FullName)))
        {
            Arrive("второе");
            await UntilAsync(() => receiver.Taken.Count == 2);
        }

        Assert.Equal(["первое", "второе"], receiver.Taken.Select(webhook => webhook.Text));
        Assert.Single(receiver.Received.Where(webhook => webhook.Text == "первое").Select(webhook => webhook.Body).Distinct());
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Receiver_Gone_IsDisabledAndGoesOnFromItsPlaceAfterResume()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => 410;
        await using var gateway = await StartAsync(receiver);
        Arrive("первое");
        await StateAsync(gateway, "disabled");
        Arrive("второе");
        Clock.Advance(TimeSpan.FromDays(1));
        receiver.Answer = _ => 200;
        Assert.Single(receiver.Received);
        Assert.Contains(gateway.Logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("disabled", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(gateway, "/webhooks/shop/resume"));
        await UntilAsync(() => receiver.Taken.Count == 2);
        await StateAsync(gateway, "active");

        Assert.Equal(["первое", "второе"], receiver.Taken.Select(webhook => webhook.Text));
    }

    [Fact]
    public async Task Pause_UntilResume_DeliversNothingAndLosesNothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(receiver);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(gateway, "/webhooks/shop/pause"));
        await StateAsync(gateway, "paused");
        Arrive("первое");
        Clock.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(async () => (await WebhookAsync(gateway)).GetProperty("lagSeconds").GetInt64() > 0);
        Assert.Empty(receiver.Received);

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(gateway, "/webhooks/shop/resume"));
        await UntilAsync(() => receiver.Taken.Count == 1);
        await UntilAsync(async () => (await WebhookAsync(gateway)).GetProperty("lagSeconds").GetInt64() == 0);
    }

    [Fact]
    public async Task Message_RejectedForGood_IsParkedAndTheLineGoesOnAndAReplayDeliversIt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = webhook => webhook.Text == "яд" ? 422 : 200;
        await using var gateway = await StartAsync(receiver);
        foreach (var text in (string[])["первое", "яд", "третье"])
        {
            Arrive(text);
        }

        await UntilAsync(() => receiver.Taken.Count == 2);
        var webhook = await WebhookAsync(gateway);
        var parked = Assert.Single(webhook.GetProperty("parked").EnumerateArray());
        Assert.Equal(["первое", "третье"], receiver.Taken.Select(taken => taken.Text));
        Assert.Equal(5, receiver.Received.Count(received => received.Text == "яд"));
        Assert.Equal(422, parked.GetProperty("lastStatus").GetInt32());
        Assert.Equal("status", parked.GetProperty("lastFailure").GetString());

        receiver.Answer = _ => 200;
        var id = parked.GetProperty("id").GetString();
        using var response = await gateway.Client.PostAsync($"/webhooks/shop/replay?id={id}", null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("""{"messages":1}""", await response.Content.ReadAsStringAsync());
        await UntilAsync(() => receiver.Taken.Count == 3);
        Assert.Equal((id, "яд"), (receiver.Taken[^1].Id, receiver.Taken[^1].Text));
        Assert.Single(receiver.Received.Where(received => received.Text == "яд").Select(received => received.Body).Distinct());
        await UntilAsync(async () => (await WebhookAsync(gateway)).GetProperty("parked").GetArrayLength() == 0);
    }

    [Fact]
    public async Task Replay_OfARange_DeliversItAgainInOrderWithTheSameIds()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(receiver);
        foreach (var text in (string[])["1", "2", "3"])
        {
            Arrive(text);
            Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await UntilAsync(() => receiver.Taken.Count == 3);
        using var response = await gateway.Client.PostAsync("/webhooks/shop/replay?from=2026-03-15T12:00:05%2B03:00", null);
        Assert.Equal(2, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("messages").GetInt32());
        await UntilAsync(() => receiver.Taken.Count == 5);
        Arrive("4");
        await UntilAsync(() => receiver.Taken.Count == 6);

        Assert.Equal(["1", "2", "3", "2", "3", "4"], receiver.Taken.Select(webhook => webhook.Text));
        Assert.Equal(4, receiver.Taken.Select(webhook => webhook.Id).Distinct().Count());
        Assert.Equal(receiver.Taken.Skip(1).Take(2).Select(webhook => webhook.Body), receiver.Taken.Skip(3).Take(2).Select(webhook => webhook.Body));
    }

    [Fact]
    public async Task Test_OfAWebhook_IsSignedAndSaysHowItWent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(receiver);
        using var good = await gateway.Client.PostAsync("/webhooks/shop/test", null);
        receiver.Answer = _ => 503;
        using var bad = await gateway.Client.PostAsync("/webhooks/SHOP/test", null);

        Assert.Equal("""{"delivered":true,"status":204}""", await good.Content.ReadAsStringAsync());
        Assert.Equal("""{"delivered":false,"status":503}""", await bad.Content.ReadAsStringAsync());
        Assert.All(receiver.Received, webhook => Assert.True(webhook.IsVerified && webhook.Type == "webhook.test"));
        Assert.Equal("active", (await WebhookAsync(gateway)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Webhooks_OfOthers_AreNotThereAndNoSecretIsShown()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(receiver);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        Assert.Equal("""{"items":[]}""", await narrow.GetStringAsync("/webhooks"));
        Assert.Equal(HttpStatusCode.NotFound, (await narrow.GetAsync("/webhooks/shop")).StatusCode);
        foreach (var order in (string[])["test", "pause", "resume", "replay?from=2026-03-15"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await narrow.PostAsync($"/webhooks/shop/{order}", null)).StatusCode);
        }

        Assert.Empty(receiver.Received);
        var body = await gateway.Client.GetStringAsync("/webhooks");
        Assert.Contains(receiver.Address.ToString(), body, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec", body, StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Contains(receiver.Secret[6..], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("replay", "from")]
    [InlineData("replay?to=2026-03-15", "from")]
    [InlineData("replay?id=x", "id")]
    [InlineData("replay?id=20130311-7K3M9Q2X4C8N&from=2026-03-15", "id")]
    [InlineData("replay?from=2027-01-01", "from")]
    [InlineData("replay?since=2027-01-01&from=2026-03-15", "since")]
    [InlineData("pause?for=1", "for")]
    public async Task Order_ThatIsFaulty_NamesTheParameter(string order, string name)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(receiver);
        using var response = await gateway.Client.PostAsync($"/webhooks/shop/{order}", null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(name, out _));
    }

    [Fact]
    public async Task Filters_OfAnEndpoint_DecideWhatItGets()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(
            receiver, ("Numbers", Number), ("Sender", "bank"), ("HasCode", "true"), ("Contains", "КОД"), ("Payload", "thin"));
        Account.AddMessages(
            new SimulatorMessage("79021234568", "Bank", "Код 111111", Clock.GetUtcNow()),
            new SimulatorMessage(Number, "Other", "Код 222222", Clock.GetUtcNow()),
            new SimulatorMessage(Number, "Bank", "Код без числа", Clock.GetUtcNow()),
            new SimulatorMessage(Number, "Bank", "Код 333333", Clock.GetUtcNow()));
        await UntilAsync(() => receiver.Taken.Count == 1);

        var data = receiver.Taken[0].Json.GetProperty("data");
        Assert.Equal(["id", "rentedNumber", "sender", "receivedAt"], data.EnumerateObject().Select(field => field.Name));
        Assert.Equal(receiver.Taken[0].Id, data.GetProperty("id").GetString());
        Assert.DoesNotContain("333333", receiver.Taken[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_OfCodesAlone_GetsCodesAndNoText()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(receiver, ("Authentication:ApiKeys:0:Fields", "code"));
        Arrive("Тайна: код 482913");
        await UntilAsync(() => receiver.Taken.Count == 1);

        Assert.DoesNotContain("Тайна", receiver.Taken[0].Body, StringComparison.Ordinal);
        Assert.Equal("482913", receiver.Taken[0].Json.GetProperty("data").GetProperty("code").GetProperty("value").GetString());
        Assert.True(receiver.Taken[0].IsVerified);
    }

    private RunningGateway Start(WebhookReceiver receiver, params (string Key, string? Value)[] settings) =>
        base.Start([.. WebhookSettings.Of(receiver, [("Since", "2026-03-15T12:00:00+03:00"), .. settings])]);

    /// <summary>Starts a gateway and waits until its endpoint sends.</summary>
    private async Task<RunningGateway> StartAsync(WebhookReceiver receiver, params (string Key, string? Value)[] settings)
    {
        var gateway = Start(receiver, settings);
        await UntilAsync(() => gateway.Logs.Lines.Any(line => line.Contains("Webhook shop sends from here", StringComparison.Ordinal)));
        return gateway;
    }

    private Task StateAsync(RunningGateway gateway, string state) =>
        UntilAsync(async () => (await WebhookAsync(gateway)).GetProperty("state").GetString() == state);

    private static Task<JsonElement> WebhookAsync(RunningGateway gateway) => gateway.GetAsync("/webhooks/shop");
}
