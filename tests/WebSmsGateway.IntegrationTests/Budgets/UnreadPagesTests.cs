using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Budgets;
using WebSmsGateway.IntegrationTests.Authentication;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Budgets;

/// <summary>Answers that their callers do not read: what they hold is charged, bounded and given back.</summary>
public sealed class UnreadPagesTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Page = "/messages?from=2026-03-01&to=2026-03-01&order=asc&limit=1000";
    private const string Download = "/messages?from=2026-02-01&to=2026-03-01&order=asc";

    // Of 64 MiB all unsent bytes together have 8, and one caller has 2. The page is about 0.8 MB.
    private static readonly (string, string?)[] SmallMemory = [("Limits:MemoryMegabytes", "64"), ("Cache:MemoryLimitMegabytes", "4")];

    private readonly SimulatedAccount account = fixture.Simulator.NewAccount();
    private readonly FakeTimeProvider clock = new(GatewayAtNoon.Noon);

    [Fact]
    public async Task Pages_UnreadBeyondTheCallersShare_AreRefusedToThisCallerOnly()
    {
        await using var gateway = Start();
        using var unread = new Connections();
        string head;
        while ((head = await unread.AskAsync(gateway, Page, RunningGateway.NarrowKey)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            Assert.InRange(unread.Count, 1, 8);
        }

        Assert.StartsWith("HTTP/1.1 429", head, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: ", head, StringComparison.Ordinal);
        Assert.Equal(("narrow", 2), (Unsent(gateway).Largest?.Name, unread.Count - 1));
        using var other = await gateway.Client.GetAsync(Page);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.InRange((await other.Content.ReadAsByteArrayAsync()).Length, 500_000, 2_000_000);
    }

    [Fact]
    public async Task Pages_UnreadBeyondTheTotal_AreOverloadedForEveryoneBeforeAnythingIsRead()
    {
        (string, string?)[] callers = [.. Enumerable.Range(2, 6).SelectMany(number => ProbeGateway.Key(number, $"shop{number}", $"key-{number}", "*"))];
        await using var gateway = Start(callers);
        using var unread = new Connections();
        for (var number = 2; number < 8; number++)
        {
            await unread.AskAsync(gateway, Page, $"key-{number}");
            await unread.AskAsync(gateway, Page, $"key-{number}");
        }

        var unsent = Unsent(gateway);
        Assert.InRange(unsent.Used, unsent.Total - 1_000_000, unsent.Total);
        unsent.TryCharge(new BudgetOwner("rest", "rest"), Math.Max(1, unsent.Total - unsent.Used), out var rest);
        using var filled = rest;
        var calls = account.Requests().Count;
        clock.Advance(TimeSpan.FromSeconds(6));
        using var late = await gateway.Client.GetAsync("/messages?limit=1000");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.NotNull(late.Headers.RetryAfter);
        Assert.Contains("\"code\":\"overloaded\"", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(calls, account.Requests().Count);
    }

    [Fact]
    public async Task Page_NobodyReadsForTenSeconds_IsCutAndGivenBack()
    {
        await using var gateway = Start();
        var (client, head) = await UnreadClient.AskAsync(gateway.BaseAddress, Page, RunningGateway.Key);
        using var unread = client;
        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        Assert.InRange(Unsent(gateway).Used, 500_000, 2_000_000);

        await GivenBackAsync(gateway, TimeSpan.FromSeconds(1));

        Assert.InRange(await client.DrainAsync(), 0, 100_000);
    }

    [Fact]
    public async Task Page_ReadSlowly_IsCutAfterAMinute()
    {
        await using var gateway = Start();
        var (client, _) = await UnreadClient.AskAsync(gateway.BaseAddress, Page, RunningGateway.Key);
        using var slow = client;
        var (began, buffer, read) = (clock.GetUtcNow(), new byte[2048], 0L);
        for (var length = 1; length > 0 && clock.GetUtcNow() - began < TimeSpan.FromMinutes(3);)
        {
            // More than a slice within its time, but the page would take minutes.
            for (var taken = 0; taken < 20 * 1024 && length > 0; taken += length)
            {
                length = await client.ReadAsync(buffer);
                read += length;
            }

            clock.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(90));
        Assert.InRange(read, 100_000, 500_000);
        await Eventually.TrueAsync(() => Unsent(gateway).Used == 0, "the page is given back");
    }

    [Fact]
    public async Task Page_LongerThanTheSharedBuffers_IsTheSameAsInParts()
    {
        await using var gateway = Start();
        var whole = await gateway.GetAsync(Page);
        var first = await gateway.GetAsync(Page.Replace("1000", "10", StringComparison.Ordinal));

        Assert.Equal(1000, whole.GetProperty("items").GetArrayLength());
        Assert.Equal(
            first.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()),
            whole.GetProperty("items").EnumerateArray().Take(10).Select(item => item.GetRawText()));
        Assert.Equal(0, Unsent(gateway).Used);
    }

    [Fact]
    public async Task Downloads_Unread_CountAsLongRequestsAndHoldLittle()
    {
        await using var gateway = Start(("RateLimiting:LongRequestsPerCaller", "5"));
        using var unread = new Connections();
        for (var number = 0; number < 5; number++)
        {
            var head = await unread.AskAsync(gateway, Download, RunningGateway.Key, "Accept: application/x-ndjson\r\n");
            Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        }

        var refused = await unread.AskAsync(gateway, Download, RunningGateway.Key, "Accept: application/x-ndjson\r\n");
        Assert.StartsWith("HTTP/1.1 429", refused, StringComparison.Ordinal);

        // A reader that has taken nothing for a second is left with the part that it is being sent.
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(200));
                return Unsent(gateway).Used is > 0 and <= 5 * 100 * 1024;
            },
            "the days of unread downloads are released");
        await GivenBackAsync(gateway, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Download_SlowlyReadFromASmallTier_IsWhole()
    {
        await using var gateway = Start();
        var expected = await ReadAllAsync(gateway);
        var (client, head) = await UnreadClient.AskAsync(
            gateway.BaseAddress, Download, RunningGateway.Key, headers: "Accept: application/x-ndjson\r\nConnection: close\r\n");
        using var slow = client;
        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);

        // The days are released at the first stall, and dropped by the tier and the collector before the reader goes on.
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(200));
                return Unsent(gateway).Used is > 0 and <= 100 * 1024;
            },
            "the days are released");
        GC.Collect();

        var text = await client.DrainAsync();
        Assert.InRange(text, expected.Length, expected.Length * 11 / 10);
    }

    private static async Task<byte[]> ReadAllAsync(RunningGateway gateway)
    {
        using var whole = await GatewayAtNoon.GetAsync(gateway.Client, Download, "Accept", "application/x-ndjson");
        return await whole.Content.ReadAsByteArrayAsync();
    }

    private static Budget Unsent(RunningGateway gateway) => gateway.Services.GetRequiredService<BudgetTable>().Of(BudgetPart.Unsent);

    /// <summary>Moves the clock until nothing is charged any more.</summary>
    private Task GivenBackAsync(RunningGateway gateway, TimeSpan step) => Eventually.TrueAsync(
        () =>
        {
            clock.Advance(step);
            return Unsent(gateway).Used == 0;
        },
        "what was not read is given back");

    private RunningGateway Start(params (string, string?)[] settings)
    {
        var text = new string('ж', 300);
        account.AddMessages(Enumerable.Range(0, 1200).Select(
            number => GatewayAtNoon.Sms($"2026-03-01 {number / 60 % 24:00}:{number % 60:00}:00", $"{number} {text}")));
        account.AddMessages(Enumerable.Range(0, 600).Select(
            number => GatewayAtNoon.Sms($"2026-02-{1 + (number % 28):00} {number / 60 % 24:00}:{number % 60:00}:00", $"{number} {text}")));
        return RunningGateway.StartWithSmallBuffers(fixture.Simulator, account, clock, [.. SmallMemory, .. settings]);
    }

    /// <summary>Connections that stay open until the end of a test.</summary>
    private sealed class Connections : IDisposable
    {
        private readonly List<UnreadClient> clients = [];

        public int Count => clients.Count;

        public async Task<string> AskAsync(RunningGateway gateway, string path, string key, string headers = "")
        {
            var (client, head) = await UnreadClient.AskAsync(gateway.BaseAddress, path, key, headers: headers);
            clients.Add(client);
            return head;
        }

        public void Dispose() => clients.ForEach(client => client.Dispose());
    }
}
