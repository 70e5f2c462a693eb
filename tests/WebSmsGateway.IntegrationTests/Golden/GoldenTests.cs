using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Golden;

/// <summary>
/// Ids, cursors, ETags, pages, downloads and problems have not changed. Callers keep ids and cursors, caches keep ETags, and programs read
/// the rest. The previous version made the committed file.
/// </summary>
public sealed class GoldenTests
{
    private const string Csv = "text/csv";
    private const string Ndjson = "application/x-ndjson";
    private const string OfFirst = $"/rented-numbers/{GoldenHistory.First}/messages";
    private const string OfSecond = $"/rented-numbers/{GoldenHistory.Second}/messages";
    private const string Narrow = RunningGateway.NarrowKey;

    [Fact]
    public async Task Answers_AboutAFixedHistory_AreTheCommittedOnes()
    {
        var file = new GoldenFile();
        foreach (var scope in (string[])["Account", "Number"])
        {
            await using var gateway = await GoldenGateway.StartAsync(file, $"Scope {scope}, JSON", ("Upstream:Scope", scope));
            await gateway.BehaveAsync(new { format = new { plus = true } });
            await gateway.ReceiveAsync(GoldenHistory.Messages);
            await AskForPagesAsync(gateway);
            await AskForPastDaysAsync(gateway);
            await AskForSingleMessagesAsync(gateway);
            await AskForDownloadsAsync(gateway);
            await AskForNumbersAsync(gateway);
            await AskForNewsAsync(gateway);
        }

        await AskInOtherFormatsAsync(file);
        await AskForProblemsOfRecordsAsync(file);
        await AskForAClosedListAsync(file);
        await AskBadlyAsync(file);
        await AskWhileWebSmsRefusesAsync(file);
        await file.CompareAsync();
    }

    private static async Task AskForPagesAsync(GoldenGateway gateway)
    {
        await gateway.WalkAsync("/messages?from=2026-03-09&limit=5");
        await gateway.WalkAsync("/messages?from=2026-03-09&order=asc&limit=5");
        await gateway.WalkAsync($"{OfFirst}?from=2026-03-09&to=2026-03-10&limit=7");
        await gateway.WalkAsync("/messages?from=2026-03-09&order=asc&limit=6", Narrow);
        await gateway.WalkAsync("/messages?from=2026-03-09T09:05:07&to=2026-03-09T09:05:08&limit=2");
        await gateway.WalkAsync($"{OfFirst}?from=2026-03-09T06:05:07Z&to=2026-03-09T09:05:08%2B03:00&order=asc&limit=1");
        await gateway.WalkAsync("/messages?from=2026-03-09&contains=КОД&limit=2");
        await gateway.WalkAsync($"{OfFirst}?from=2026-03-09&order=asc&sender=%2B79161234567&limit=2");
        await gateway.WalkAsync("/messages?from=2026-03-09&sender=мтс&limit=1");
        await gateway.AskAsync("/messages?from=2026-03-09&sender=900&contains=код");
        await gateway.AskAsync("/messages");
        await gateway.AskAsync($"/rented-numbers/+{GoldenHistory.First}/messages?order=asc");
        await gateway.AskAsync("/messages?from=2026-03-10&to=2026-03-10&limit=1", method: HttpMethod.Head);

        // These pages are empty.
        await gateway.AskAsync("/messages?from=2026-03-01&to=2026-03-02");
        await gateway.AskAsync("/messages?from=2026-03-01&to=2026-03-02&order=asc");
        await gateway.AskAsync("/rented-numbers/79990000000/messages?from=2026-03-09");
        await gateway.AskAsync($"{OfFirst}?contains=ничего&order=asc");
        await gateway.AskAsync("/messages?order=asc&cursor=now", key: Narrow);

        // These pages are requested twice.
        await gateway.AskTwiceAsync("/messages?from=2026-03-09&to=2026-03-09&limit=1");
        await gateway.AskTwiceAsync("/messages?from=2026-03-09&to=2026-03-09&limit=1", Narrow);
        await gateway.AskTwiceAsync($"{OfSecond}?from=2026-03-10&order=asc");
    }

    private static async Task AskForPastDaysAsync(GoldenGateway gateway)
    {
        await gateway.AskAsync("/messages?from=2014-10-25&to=2014-10-27");
        await gateway.WalkAsync($"{OfFirst}?from=2014-10-25&to=2014-10-27&order=asc&limit=3");
        await gateway.AskAsync("/messages?from=2014-10-26T01:30:00&to=2014-10-26T02:00:00&order=asc");
        await gateway.AskAsync("/messages?from=2014-10-26T01:00:00%2B04:00&to=2014-10-26T01:00:00%2B03:00&order=asc");
        await gateway.AskAsync("/messages?from=2014-10-25T22:00:00Z&to=2014-10-25T23:00:00Z&order=asc");
        await gateway.AskAsync($"{OfFirst}?from=2013-03-11&to=2013-03-11");
    }

    private static async Task AskForSingleMessagesAsync(GoldenGateway gateway)
    {
        var ids = GoldenGateway.IdsOf(await gateway.AskAsync("/messages?from=2026-03-09T09:05:07&to=2026-03-09T09:05:08"));
        foreach (var id in ids)
        {
            await gateway.AskAsync($"/messages/{id}");
        }

        var own = GoldenGateway.IdsOf(await gateway.AskAsync($"{OfFirst}?from=2014-10-26&to=2014-10-26&contains=дважды"))[0];
        await gateway.AskAsync($"/messages/{own.ToLowerInvariant()}");
        await gateway.AskAsync($"{OfFirst}/{own.ToLowerInvariant()}");
        await gateway.AskTwiceAsync($"{OfFirst}/{own}", Narrow);
        await gateway.AskAsync($"{OfSecond}/{own}");
        var other = GoldenGateway.IdsOf(await gateway.AskAsync($"{OfSecond}?from=2026-03-10"))[^1];
        await gateway.AskAsync($"/messages/{other}", key: Narrow);
    }

    private static async Task AskForDownloadsAsync(GoldenGateway gateway)
    {
        await gateway.AskAsync("/messages?from=2026-03-09", Csv);
        await gateway.AskAsync("/messages?from=2026-03-09&order=asc", Ndjson);
        await gateway.AskAsync($"{OfFirst}?from=2014-10-25&to=2014-10-27&order=asc", Csv);
        await gateway.AskAsync($"{OfFirst}?from=2026-03-09&limit=3&contains=код", Csv);
        await gateway.AskAsync("/messages?from=2026-03-09&sender=Сбер", Ndjson, Narrow);
        await gateway.AskAsync("/messages?from=2026-03-01&to=2026-03-02", Csv);
        await gateway.AskAsync("/messages?from=2026-03-01&to=2026-03-02", Ndjson);
    }

    private static async Task AskForNumbersAsync(GoldenGateway gateway)
    {
        await gateway.AskTwiceAsync("/rented-numbers");
        await gateway.AskAsync("/rented-numbers", key: Narrow);
        await gateway.AskAsync("/rented-numbers?from=2014-10-26&to=2014-10-26");
        await gateway.AskAsync("/rented-numbers?from=2026-03-01&to=2026-03-02");
    }

    /// <summary>Cursors at the end, before and after a message arrives. The clock advances once, by more than the freshness.</summary>
    private static async Task AskForNewsAsync(GoldenGateway gateway)
    {
        const string all = "/messages?from=2026-03-11&order=asc";
        const string ofFirst = $"{OfFirst}?order=asc";
        var end = await gateway.WalkAsync(all);
        var now = await gateway.WalkAsync(ofFirst, start: "now");
        await gateway.ReceiveAsync(
            new GoldenSms("2026-03-11T12:00:30", GoldenHistory.First, "Sberbank", "Код 8888"),
            new GoldenSms("2026-03-11T12:00:40", GoldenHistory.Second, "МТС", "новое"));
        gateway.Advance(TimeSpan.FromMinutes(1));
        await gateway.WalkAsync(ofFirst, start: now);
        await gateway.WalkAsync(all, start: end);
    }

    private static async Task AskInOtherFormatsAsync(GoldenFile file)
    {
        (string Format, object Behaviour)[] cases =
        [
            ("xml", new { }),
            ("xml", new { charset = new { name = "windows-1251", xmlDeclaration = true }, format = new { order = "desc" } }),
            ("txt", new { }),
            ("txt", new { charset = new { name = "windows-1251" }, format = new { blankLines = true, lineEnd = "lf" } }),
            ("json", new { format = new { order = "desc", dateField = "in_date", emptyText = "missing", singleLine = true } }),
        ];
        foreach (var (format, behaviour) in cases)
        {
            var title = $"Format {format} {System.Text.Json.JsonSerializer.Serialize(behaviour)}";
            await using var gateway = await GoldenGateway.StartAsync(
                file, title, ("Upstream:Format", format), ("Upstream:Scope", "Account"));
            await gateway.BehaveAsync(behaviour);
            await gateway.ReceiveAsync(GoldenHistory.Messages);
            await gateway.AskAsync("/messages?from=2026-03-09");
            await gateway.AskAsync($"{OfFirst}?from=2014-10-25&to=2014-10-27&order=asc");
            await gateway.AskAsync("/messages?from=2026-03-10&to=2026-03-10&order=asc", Csv);
        }
    }

    private static async Task AskForProblemsOfRecordsAsync(GoldenFile file)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var webSms = builder.Build();
        webSms.MapGet("/http_feedback.asp", () => Results.Text(GoldenHistory.Unreadable.ReplaceLineEndings("\r\n"), "application/json"));
        await webSms.StartAsync();
        await using var gateway = await GoldenGateway.StartAsync(
            file, "Records that cannot be read", ("Upstream:BaseAddress", webSms.Urls.First() + "/"), ("Upstream:Scope", "Account"));
        await gateway.AskTwiceAsync("/messages?from=2026-03-10&to=2026-03-10");
        await gateway.AskAsync("/messages?from=2026-03-09&to=2026-03-10&order=asc");
        await gateway.AskAsync($"{OfFirst}?from=2026-03-10", key: Narrow);
        await gateway.AskAsync("/messages?from=2026-03-10&to=2026-03-10", Csv);
        await gateway.AskAsync("/rented-numbers");
    }

    private static async Task AskForAClosedListAsync(GoldenFile file)
    {
        await using var gateway = await GoldenGateway.StartAsync(
            file,
            "Configured numbers",
            ("Upstream:Scope", "Account"),
            ("RentedNumbers:0:Number", "+" + GoldenHistory.First),
            ("RentedNumbers:0:Label", "Касса «Восток»"),
            ("RentedNumbers:1:Number", "79990000000"));
        await gateway.ReceiveAsync(GoldenHistory.Messages);
        await gateway.AskAsync("/rented-numbers");
        await gateway.AskAsync("/rented-numbers", key: Narrow);
        await gateway.AskAsync($"{OfSecond}?from=2026-03-10");
        await gateway.AskAsync("/rented-numbers/79990000000/messages");
        await gateway.AskAsync("/messages?from=2026-03-11");
    }

    private static async Task AskBadlyAsync(GoldenFile file)
    {
        await using var gateway = await GoldenGateway.StartAsync(file, "Refused requests", ("Upstream:Scope", "Account"));
        await gateway.ReceiveAsync(GoldenHistory.Messages);
        var cursor = GoldenFile.CursorOf(await gateway.AskAsync("/messages?from=2026-03-10&limit=1"));
        await gateway.AskAsync("/messages?from=31.02.2026&to=2026-02-31&sender=&order=up&limit=0&wait=61&cursor=x&form=1");
        await gateway.AskAsync("/messages?from=2026-03-12");
        await gateway.AskAsync("/messages?from=2026-03-10&to=2026-03-09");
        await gateway.AskAsync("/messages?from=2020-01-01");
        await gateway.AskAsync("/messages?limit=1&limit=2");
        await gateway.AskAsync("/messages?contains=%FF");
        await gateway.AskAsync("/messages?cursor=now");
        await gateway.AskAsync($"/messages?from=2026-03-09&limit=1&cursor={cursor}");
        await gateway.AskAsync($"/messages?from=2026-03-10&limit=1&cursor={cursor}A");
        await gateway.AskAsync("/rented-numbers/89021234567/messages?limit=1001");
        await gateway.AskAsync("/rented-numbers?to=2026-03-01&limit=1");
        await gateway.AskAsync("/messages?order=asc&wait=1", Csv);
        await gateway.AskAsync("/messages/20260310-7K3M9Q2X4C8N");
        await gateway.AskAsync("/messages/1");
        await gateway.AskAsync("/messages/20260310-7K3M9Q2X4C8N?limit=1");
        await gateway.AskAsync("/nothing");
        await gateway.AskAsync(OfSecond, key: Narrow);
        await gateway.AskAsync(OfSecond, Csv, Narrow);
        await gateway.AskAsync("/messages", key: null);
        await gateway.AskAsync("/messages", key: "wrong-key");
        await gateway.AskAsync("/messages", method: HttpMethod.Post);
    }

    private static async Task AskWhileWebSmsRefusesAsync(GoldenFile file)
    {
        await using var gateway = await GoldenGateway.StartAsync(file, "WEBSMS refuses", ("Upstream:Scope", "Account"));

        // The wrong password comes last: it stops all further calls.
        foreach (var (number, day) in ((int, int)[])[(4, 1), (9, 2), (3, 3), (1, 4), (2, 5)])
        {
            await gateway.BehaveAsync(new { faults = new[] { new { kind = "errorNum", errorNum = number } } });
            await gateway.AskAsync($"/messages?from=2026-03-0{day}&to=2026-03-0{day}");
            await gateway.AskAsync($"/messages?from=2026-03-0{day}&to=2026-03-0{day}", Csv);
        }
    }
}
