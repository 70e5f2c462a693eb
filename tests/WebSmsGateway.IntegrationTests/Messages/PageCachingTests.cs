using System.Net;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>The cache headers of pages: RFC 9110 (conditional requests), 9111 and 9211.</summary>
public sealed class PageCachingTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    private const string Closed = "/rented-numbers/79021234567/messages?from=2026-03-01&to=2026-03-01";
    private const string Open = "/rented-numbers/79021234567/messages";

    [Fact]
    public async Task Page_FirstMissThenHit_SaysSo()
    {
        using var first = await noon.Client.GetAsync("/rented-numbers/79021234567/messages?from=2026-02-20&to=2026-02-20");
        using var second = await noon.Client.GetAsync("/rented-numbers/79021234567/messages?from=2026-02-20&to=2026-02-20");

        Assert.Contains("fwd=miss", Status(first), StringComparison.Ordinal);
        Assert.StartsWith("WebSmsGateway; hit", Status(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxAge_OfClosedDays_IsLongAndOfTheOpenDayShort()
    {
        using var closed = await noon.Client.GetAsync(Closed);
        using var open = await noon.Client.GetAsync(Open);
        using var now = await noon.Client.GetAsync($"{Open}?order=asc&cursor=now");

        Assert.True(closed.Headers.CacheControl!.Private);
        Assert.InRange(closed.Headers.CacheControl.MaxAge!.Value, TimeSpan.FromDays(1), TimeSpan.FromDays(366));
        Assert.InRange(open.Headers.CacheControl!.MaxAge!.Value, TimeSpan.FromSeconds(0), TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.Zero, now.Headers.CacheControl!.MaxAge);
        Assert.Contains("X-Api-Key", closed.Headers.Vary);
        Assert.Contains("Authorization", closed.Headers.Vary);
        Assert.Contains("Accept", closed.Headers.Vary);
    }

    [Fact]
    public async Task IfNoneMatch_WhateverItsForm_IsComparedWeakly()
    {
        using var first = await noon.Client.GetAsync(Closed);
        var tag = first.Headers.ETag!;
        Assert.True(tag.IsWeak);

        foreach (var value in (string[])[tag.ToString(), tag.Tag, "*", $"\"x\", {tag}, W/\"y\"", $"{tag},{tag}"])
        {
            using var again = await GatewayAtNoon.GetAsync(noon.Client, Closed, "If-None-Match", value);
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Equal(tag, again.Headers.ETag);
            Assert.NotNull(again.Headers.CacheControl!.MaxAge);
            Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        }

        foreach (var value in (string[])["\"x\"", "W/\"x\"", "", "nonsense", tag.Tag.Trim('"')])
        {
            using var again = await GatewayAtNoon.GetAsync(noon.Client, Closed, "If-None-Match", value);
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        }
    }

    [Fact]
    public async Task ETag_OfAPage_ChangesWithItsMessages()
    {
        var account = noon.Simulator.NewAccount();
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);
        using var before = await gateway.Client.GetAsync(Open);
        account.AddMessages(GatewayAtNoon.Sms("2026-03-11 11:59:59"));
        noon.Clock.Advance(TimeSpan.FromSeconds(6));
        using var after = await GatewayAtNoon.GetAsync(gateway.Client, Open, "If-None-Match", before.Headers.ETag!.ToString());

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task WebSmsFails_LastGoodAnswer_IsMarkedStaleInBodyAndHeaders()
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(GatewayAtNoon.Sms("2026-03-11 11:00:00"));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock, ("Upstream:Retries", "0"));
        using var good = await gateway.Client.GetAsync(Open);
        Assert.False((await GatewayAtNoon.ReadAsync(good)).GetProperty("stale").GetBoolean());
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.StatusCode(500)] };
        noon.Clock.Advance(TimeSpan.FromSeconds(60));

        using var stale = await gateway.Client.GetAsync(Open);
        var page = await GatewayAtNoon.ReadAsync(stale);

        Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
        Assert.True(page.GetProperty("stale").GetBoolean());
        Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal(TimeSpan.Zero, stale.Headers.CacheControl!.MaxAge);
        Assert.Contains("stale", Status(stale), StringComparison.Ordinal);
        Assert.NotEqual(good.Headers.ETag, stale.Headers.ETag);

        using var csv = await GatewayAtNoon.GetAsync(gateway.Client, Open, "Accept", "text/csv");
        Assert.Contains("stale", Status(csv), StringComparison.Ordinal);
    }

    private static string Status(HttpResponseMessage response) => response.Headers.GetValues("Cache-Status").Single();
}
