using System.Net;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Truth;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>Where endpoints begin, and what a reload does to them.</summary>
public sealed class LifecycleTests() : Scenario(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3))), IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("webhook-state-");
    private WebhookReceiver receiver = null!;
    private RunningGateway? last;

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        receiver = await WebhookReceiver.StartAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await receiver.DisposeAsync();
        await DisposeAsync();
        directory.Delete(recursive: true);
        var defects = last!.Logs.Lines.Where(line => line.Contains("A defect of the gateway", StringComparison.Ordinal)).ToList();
        Assert.True(defects.Count == 0, string.Join('\n', defects));
    }

    [Fact]
    public async Task Begin_WithoutAState_GoesBackAsFarAsRecoverWithinAndSaysSo()
    {
        ArriveLate("2026-03-14 11:59:59", "vor", Clock.GetUtcNow());
        ArriveLate("2026-03-14 12:00:30", "innerhalb", Clock.GetUtcNow());
        await using var gateway = Start(WebhookSettings.Of(receiver));
        await TakenAsync("innerhalb");

        Assert.Equal("2026-03-14T12:00:00+03:00", (await gateway.GetAsync("/webhooks/shop")).GetProperty("since").GetString());
        Assert.Contains(gateway.Logs.Lines, line => line.Contains("state of webhooks lies in memory", StringComparison.Ordinal));
        Assert.Contains(gateway.Logs.Lines, line => line.Contains("begins at 2026-03-14T12:00:00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Begin_AnewInAKnownStore_IsNow()
    {
        await using (var first = Start(Settings()))
        {
            Arrive("1");
            await TakenAsync("1");
        }

        Clock.Advance(TimeSpan.FromMinutes(2));
        await using var second = Start([.. Settings(), .. WebhookSettings.Of(receiver, 1, "later")]);
        await SendsAsync(second, "later");
        Arrive("2");
        await TakenAsync("1", "2", "2");

        Assert.Equal(2, receiver.Taken.Count(webhook => webhook.Text == "2"));
    }

    [Fact]
    public async Task Begin_AfterTheStateWasLost_RepeatsWithTheSameIdsAndLosesNothing()
    {
        await using (var first = Start(Settings()))
        {
            Arrive("1");
            await TakenAsync("1");
        }

        foreach (var file in directory.EnumerateFiles())
        {
            file.Delete();
        }

        Clock.Advance(TimeSpan.FromMinutes(2));
        Arrive("2");
        await using var second = Start(Settings());
        await TakenAsync("1", "1", "2");

        Assert.Equal(receiver.Taken[0].Id, receiver.Taken[1].Id);
    }

    [Fact]
    public async Task Begin_WithADamagedState_IsNoNewOne()
    {
        await using (var first = Start(Settings()))
        {
            Arrive("1");
            await TakenAsync("1");
        }

        File.WriteAllText(Path.Combine(directory.FullName, "shop.state.json"), "{\"cursor\":");
        Clock.Advance(TimeSpan.FromMinutes(2));
        await using var second = Start(Settings());
        await TakenAsync("1", "1");
    }

    [Fact]
    public async Task Since_OfAnEndpoint_IsTheEarliestMoment()
    {
        ArriveLate("2026-03-15 11:00:00", "zu alt", Clock.GetUtcNow());
        ArriveLate("2026-03-15 11:30:00", "jung genug", Clock.GetUtcNow());
        await using var gateway = Start([.. WebhookSettings.Of(receiver, ("Since", "2026-03-15T11:15:00+03:00"))]);
        await TakenAsync("jung genug");
        ArriveLate("2026-03-15 11:10:00", "spät und zu alt", Clock.GetUtcNow());
        Clock.Advance(TimeSpan.FromMinutes(5));
        Arrive("neu");
        await TakenAsync("jung genug", "neu");
    }

    [Fact]
    public async Task Reload_AddsChangesAndRemoves_WhileTheOthersGoOn()
    {
        await using var other = await WebhookReceiver.StartAsync();
        await using var gateway = Start(Settings());
        await SendsAsync(gateway, "shop");
        Clock.Advance(TimeSpan.FromMinutes(2));
        gateway.Reload(WebhookSettings.Of(other, 1, "added").Select(setting => (setting.Key, setting.Value!)).ToArray());
        await SendsAsync(gateway, "added");
        Arrive("1");
        await TakenAsync("1");
        await TakenAsync(other, "1");

        // Another address, from its place on.
        gateway.Reload([("Webhooks:Endpoints:0:Url", other.Address.ToString()), ("Webhooks:Endpoints:0:Secrets:0", other.Secret)]);
        await ReceivedAsync(async () => (await gateway.GetAsync("/webhooks")).GetProperty("items") is var items
            && items.GetArrayLength() == 1 && items[0].GetProperty("url").GetString() == other.Address.ToString());
        Arrive("2");
        await TakenAsync(other, "1", "2");
        await TakenAsync("1");
        Assert.All(other.Received, webhook => Assert.True(webhook.IsVerified));
    }

    [Fact]
    public async Task Reload_WithoutTheOwner_RefusesItsEndpointsAndIsNoFault()
    {
        await using var gateway = Start([.. Settings(), ("Webhooks:Endpoints:0:Owner", "narrow")]);
        await SendsAsync(gateway, "shop");
        Arrive("1");
        await TakenAsync("1");

        gateway.Reload(("Authentication:ApiKeys:1:Name", "renamed"));
        await ReceivedAsync(() => Task.FromResult(gateway.Logs.Lines.Any(line => line.Contains("Webhook shop is refused: its owner is no API key any more", StringComparison.Ordinal))));
        Arrive("2");
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("ok", (await gateway.GetAsync("/health/ready")).GetProperty("configuration").GetProperty("state").GetString());
        Assert.Single(receiver.Received);

        gateway.Reload(("Authentication:ApiKeys:1:Name", "narrow"));
        await TakenAsync("1", "2");
    }

    [Fact]
    public async Task Reload_ThatIsFaulty_ChangesNothing()
    {
        await using var gateway = Start(Settings());
        await SendsAsync(gateway, "shop");
        gateway.Reload(("Webhooks:Endpoints:0:Url", "http://169.254.169.254/latest"), ("Webhooks:Timeout", "00:09:00"));
        await ReceivedAsync(() => Task.FromResult(gateway.Logs.Lines.Count(line => line.Contains("The configuration has a fault", StringComparison.Ordinal)) >= 2));
        Arrive("1");
        await TakenAsync("1");
    }

    [Fact]
    public async Task Events_ThatAnEndpointAsksFor_AreDelivered()
    {
        // The number has not been silent when the gateway begins to look.
        Arrive("1");
        await using var gateway = Start(
        [
            .. WebhookSettings.Of(
                receiver, ("Since", "2026-03-15T12:00:00+03:00"), ("Events:0", "number.silent"), ("Events:1", "number.heard"),
                ("Events:2", "upstream.unavailable"), ("Events:3", "upstream.recovered")),
            ("RentedNumbers:0:Number", Number), ("RentedNumbers:0:ExpectWithin", "00:10:00"),
        ]);
        await TypesAsync("message.received");
        await TypesAsync("message.received", "number.silent");
        var silent = receiver.Taken[1].Json.GetProperty("data");
        Assert.Equal(Number, silent.GetProperty("number").GetString());
        Assert.Equal(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)), silent.GetProperty("since").GetDateTimeOffset());
        Assert.False(receiver.Taken[1].Json.TryGetProperty("cursor", out _));

        Arrive("2");
        await TypesAsync("message.received", "number.silent", "message.received", "number.heard");
        Account.Behaviour = new SimulatorBehaviour { Faults = [new SimulatorFault { Kind = FaultKind.Status, Status = 503 }] };
        await TypesAsync("message.received", "number.silent", "message.received", "number.heard", "upstream.unavailable");
        Assert.Equal("upstream-unreachable", receiver.Taken[4].Json.GetProperty("data").GetProperty("code").GetString());
        Account.Behaviour = new SimulatorBehaviour();
        await TypesAsync(
            "message.received", "number.silent", "message.received", "number.heard", "upstream.unavailable", "upstream.recovered");

        Assert.All(receiver.Received, webhook => Assert.True(webhook.IsVerified));
        Assert.Equal(receiver.Received.Count, receiver.Received.Select(webhook => webhook.Id).Distinct().Count());
    }

    private (string, string?)[] Settings() => WebhookSettings.Of(receiver, ("Webhooks:StateDirectory", directory.FullName));

    private new RunningGateway Start(params (string, string?)[] settings) => last = base.Start(settings);

    private Task SendsAsync(RunningGateway gateway, string name) => ReceivedAsync(() => Task.FromResult(
        gateway.Logs.Lines.Any(line => line.Contains($"Webhook {name} sends from here", StringComparison.Ordinal))));

    private Task TakenAsync(params string[] texts) => TakenAsync(receiver, texts);

    private async Task TakenAsync(WebhookReceiver from, params string[] texts)
    {
        await ReceivedAsync(() => Task.FromResult(from.Taken.Count >= texts.Length));
        Assert.Equal(texts, from.Taken.Select(webhook => webhook.Text));
    }

    private async Task TypesAsync(params string[] types)
    {
        await ReceivedAsync(() => Task.FromResult(receiver.Taken.Count >= types.Length));
        Assert.Equal(types, receiver.Taken.Select(webhook => webhook.Type));
    }

    private Task ReceivedAsync(Func<Task<bool>> condition) => UntilAsync(
        condition,
        () => $"at {Clock.GetUtcNow():T} the receiver has {string.Join(", ", receiver.Received.Select(webhook => webhook.Body))}; "
            + $"the log has {string.Join("\n", last!.Logs.Lines.Where(line => line.Contains("Webhook", StringComparison.Ordinal)))}");
}
