using System.Net;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Truth;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>A replay sends the same ids and the same bytes, and the cursor in them stands where it stood: the clock is that of the test.</summary>
public sealed class ReplayTests() : Scenario(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)))
{
    [Fact]
    public async Task Replay_OfARange_SendsTheSameBytesWhoseCursorsGoOnBehindTheirMessages()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        string[] texts = ["до 1", "до 2", "до 3", "1", "2", "поздно", "3", "4", "5"];
        await using var gateway = await DeliverAsync(receiver, texts);
        var first = receiver.Taken;

        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(gateway, "/webhooks/shop/replay?from=2026-03-15"));
        await UntilAsync(() => receiver.Taken.Count == 2 * texts.Length);
        var again = receiver.Taken.Skip(texts.Length).ToList();
        Assert.Equal(["до 1", "поздно", "до 2", "до 3", "1", "2", "3", "4", "5"], again.Select(webhook => webhook.Text));
        foreach (var (i, webhook) in first.Index())
        {
            var replayed = Assert.Single(again, other => other.Id == webhook.Id);
            Assert.Equal(webhook.Body, replayed.Body);
            Assert.Equal(texts[(i + 1)..], (await gateway.GetAsync($"/messages?order=asc&cursor={replayed.Cursor}")).Texts());
        }

        // What comes next has a place behind all of them, and so has its replay.
        Arrive("6");
        await UntilAsync(() => receiver.Taken.Count == (2 * texts.Length) + 1);
        Assert.Equal(["4", "5", "6"], (await gateway.GetAsync($"/messages?order=asc&cursor={first[6].Cursor}")).Texts());
        Assert.Empty((await gateway.GetAsync($"/messages?order=asc&cursor={receiver.Taken[^1].Cursor}")).Texts());
    }

    [Fact]
    public async Task Replay_OfAnId_SendsTheSameBytesAgainAndAgain()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await DeliverAsync(receiver, ["до 1", "до 2", "до 3", "1", "2", "поздно", "3", "4", "5"]);
        foreach (var webhook in receiver.Taken.Reverse().ToList())
        {
            var count = receiver.Taken.Count;
            Assert.Equal(HttpStatusCode.Accepted, await PostAsync(gateway, $"/webhooks/shop/replay?id={webhook.Id}"));
            await UntilAsync(() => receiver.Taken.Count == count + 1);
            Assert.Equal(webhook.Body, receiver.Taken[^1].Body);
        }
    }

    /// <summary>Starts a gateway whose endpoint gets a few messages from before its start, some as they arrive, and one late.</summary>
    private async Task<RunningGateway> DeliverAsync(WebhookReceiver receiver, string[] texts)
    {
        foreach (var (text, minutes) in (ReadOnlySpan<(string, int)>)[("до 1", 120), ("до 2", 60), ("до 3", 0)])
        {
            Account.AddMessages(new SimulatorMessage(Number, "79161234567", text, Clock.GetUtcNow().AddMinutes(-minutes)));
        }

        var gateway = base.Start([.. WebhookSettings.Of(receiver, ("Since", "2026-03-15T00:00:00+03:00"))]);
        await UntilAsync(() => receiver.Taken.Count == 3);
        Arrive("1");
        Clock.Advance(TimeSpan.FromSeconds(10));
        Arrive("2");
        await UntilAsync(() => receiver.Taken.Count == 5);
        ArriveLate("2026-03-15T10:30:00", "поздно", Clock.GetUtcNow());
        await UntilAsync(() => receiver.Taken.Count == 6);
        Arrive("3");
        await UntilAsync(() => receiver.Taken.Count == 7);
        GoTo(new DateTimeOffset(2026, 3, 16, 9, 0, 0, TimeSpan.FromHours(3)));
        Arrive("4");
        Arrive("5");
        await UntilAsync(() => receiver.Taken.Count == 9);
        Assert.Equal(texts, receiver.Taken.Select(webhook => webhook.Text));
        return gateway;
    }
}
