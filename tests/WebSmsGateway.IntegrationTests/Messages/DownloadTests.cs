using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Messages;

public sealed class DownloadTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    private const string Path = "/rented-numbers/79021234567/messages?from=2026-03-01&to=2026-03-01&order=asc";
    private const string TwoMonths = "/messages?from=2026-01-01&to=2026-02-28&order=asc";

    [Theory]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-02")]
    public async Task Csv_WithAndWithoutMessages_BeginsWithOneByteOrderMark(string day)
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(GatewayAtNoon.Sms("2026-03-01 10:00:00", "Привет"));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);

        using var response = await GatewayAtNoon.GetAsync(gateway.Client, $"/messages?from={day}&to={day}", "Accept", "text/csv");
        var bytes = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal("\uFEFFid,rentedNumber"u8.ToArray(), bytes[..18]);
        Assert.Equal(1, Encoding.UTF8.GetString(bytes).Count(letter => letter == '\uFEFF'));
    }

    [Fact]
    public async Task Csv_HostileTexts_CannotBeRunAsFormulasAndComeBackEqual()
    {
        string[] texts =
        [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=HYPERLINK(\"http://x\",\"y\")", "=cmd|' /C calc'!A0", "a,b;c\t\"d\"",
            "\"", "'", "",
            "две\r\nстроки", "Привет 😀", "  пробелы  ", "＝1", "%", "\0x",
        ];
        var account = noon.Simulator.NewAccount();
        account.AddMessages(
            texts.Select((text, i) => GatewayAtNoon.Sms($"2026-03-01 10:00:{i:00}", text, sender: i == 0 ? "=1+1" : "79161234567")));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);
        var page = await gateway.GetAsync(Path);

        using var response = await GatewayAtNoon.GetAsync(gateway.Client, Path, "Accept", "text/csv");
        var rows = ParseCsv(await response.Content.ReadAsStringAsync());

        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("utf-8", response.Content.Headers.ContentType.CharSet);
        Assert.Equal("attachment; filename=messages.csv", response.Content.Headers.ContentDisposition!.ToString());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal(["id", "rentedNumber", "sender", "receivedAt", "text", "code", "codeConfidence"], rows[0]);
        Assert.Equal(texts.Length, rows.Count - 1);
        Assert.All(
            rows.Skip(1).SelectMany(row => row),
            field => Assert.False(field.Length > 0 && "=+-@\t\r\n".Contains(field[0], StringComparison.Ordinal), field));
        var expected = page.GetProperty("items").EnumerateArray().Select(item => string.Join(
            '|', "id rentedNumber sender receivedAt text".Split(' ').Select(name => item.GetProperty(name).GetString())));
        Assert.Equal(expected, rows.Skip(1).Select(row => string.Join('|', row.Take(5).Select(Unescape))));
    }

    [Theory]
    [InlineData("a;=cmd|' /C calc'!A0;")]
    [InlineData("x\n=1+1;y")]
    [InlineData("x; +1")]
    [InlineData("x\t@SUM(A1)")]
    [InlineData("x;\"=1")]
    [InlineData("＝1+1")]
    [InlineData("\uFEFF=1")]
    [InlineData("\u00A0=1")]
    [InlineData("\u200B=1")]
    [InlineData("\u2060+1")]
    [InlineData("\u00AD-1")]
    [InlineData("\u001C@SUM(A1)")]
    [InlineData("\0=1")]
    [InlineData("\u200B\0 \"\u2060=1")]
    [InlineData("x;\u200E\u001C=1")]
    [InlineData("\u3164\uFE0F=1")]
    [InlineData("\uFF1D1")]
    [InlineData("\uFE661")]
    [InlineData("\uFF0B1")]
    [InlineData("\uFF0D1")]
    [InlineData("\uFF20SUM(A1)")]
    [InlineData("\uFE621")]
    [InlineData("\uFE631")]
    [InlineData("\uFE6BSUM(A1)")]
    [InlineData("\u00AD\uFE661")]
    public async Task Csv_SpreadsheetSplitsAtSemicolonsAndTabs_HoldsNoFormulaEither(string text)
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(GatewayAtNoon.Sms("2026-03-01 10:00:00", text));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);

        using var response = await GatewayAtNoon.GetAsync(gateway.Client, Path, "Accept", "text/csv");

        var cells = (await response.Content.ReadAsStringAsync()).Split([';', '\t', '\r', '\n', ',']);
        Assert.All(
            cells,
            cell => Assert.DoesNotMatch("""^[\s\p{Cc}\p{Cf}\p{Z}\u3164\uFE0F"]*[=+\-@\uFF1D\uFE66\uFF0B\uFE62\uFF0D\uFE63\uFF20\uFE6B]""", cell));
    }

    [Theory]
    [InlineData("text/csv")]
    [InlineData("application/x-ndjson")]
    public async Task Download_WithWait_IsRefused(string accept)
    {
        using var response = await GatewayAtNoon.GetAsync(
            noon.Client, "/rented-numbers/79021234567/messages?order=asc&cursor=now&wait=10", "Accept", accept);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"wait\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ndjson_IsTheItemsOfThePageLineByLine()
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(Enumerable.Range(0, 2500).Select(i => GatewayAtNoon.Sms("2026-03-01 10:00:00", $"№ {i}\nвторая строка\u2028")));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);

        using var whole = await GatewayAtNoon.GetAsync(gateway.Client, Path, "Accept", "application/x-ndjson");
        var text = await whole.Content.ReadAsStringAsync();
        var page = await gateway.GetAsync($"{Path}&limit=7");
        using var limited = await GatewayAtNoon.GetAsync(gateway.Client, $"{Path}&limit=7", "Accept", "application/x-ndjson");

        Assert.Equal("application/x-ndjson", whole.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Equal(2501, text.Split('\n').Length);
        var ids = text.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString());
        Assert.Equal(2500, ids.Distinct().Count());
        Assert.Equal(
            page.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()),
            (await limited.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("text/csv", "id,rentedNumber,sender,receivedAt,text,code,codeConfidence")]
    [InlineData("application/x-ndjson", "")]
    public async Task Download_NoMessages_IsEmptyButWhole(string accept, string expected)
    {
        using var response = await GatewayAtNoon.GetAsync(noon.Client, Path, "Accept", accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, (await response.Content.ReadAsStringAsync()).Trim());
    }

    [Theory]
    [InlineData("text/csv;q=0.5, application/json", "application/json")]
    [InlineData("text/csv, application/json;q=0.5", "text/csv")]
    [InlineData("text/html, */*;q=0.1", "application/json")]
    [InlineData("TEXT/CSV", "text/csv")]
    [InlineData("application/json;q=0, */*", "text/csv")]

    // curl, axios, Java's HttpURLConnection, Chromium.
    [InlineData("*/*", "application/json")]
    [InlineData("*", "application/json")]
    [InlineData("application/json, text/plain, */*", "application/json")]
    [InlineData("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "application/json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "application/json")]
    public async Task Accept_IsHonoured(string accept, string expected)
    {
        using var response = await GatewayAtNoon.GetAsync(noon.Client, Path, "Accept", accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("text/csv")]
    [InlineData("application/x-ndjson")]
    public async Task WebSmsFailsMidway_ConnectionIsCutAndWhatWasReadIsAudited(string accept)
    {
        var account = AccountOfTwoMonths();
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.StatusCode(500) with { After = 1 }] };
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock, ("Upstream:Retries", "0"));
        using var request = new HttpRequestMessage(HttpMethod.Get, TwoMonths);
        request.Headers.Add("Accept", accept);
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync());

        // The gateway writes the line after it has cut the connection.
        await Eventually.TrueAsync(
            () => gateway.Logs.Lines.Any(line => line.Contains("all read 31 messages", StringComparison.Ordinal)), "no audit line came");
    }

    [Fact]
    public async Task LaterMonthIsStillAwaited_FirstMonthIsAlreadyThere()
    {
        var account = AccountOfTwoMonths();
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Hang() with { After = 1 }] };
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);
        using var request = new HttpRequestMessage(HttpMethod.Get, TwoMonths);
        request.Headers.Add("Accept", "application/x-ndjson");
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        for (var day = 1; day <= 31; day++)
        {
            Assert.Contains($"2026-01-{day:00}T10:00:00+03:00", await reader.ReadLineAsync(), StringComparison.Ordinal);
        }

        await account.WaitForOutcomeAsync("hang");
        account.Behaviour = new SimulatorBehaviour();
        Assert.Equal(28, (await reader.ReadToEndAsync()).TrimEnd('\n').Split('\n').Length);
    }

    private SimulatedAccount AccountOfTwoMonths()
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(Enumerable.Range(0, 59).Select(i => new SimulatorMessage(RunningGateway.Number, "900", "x")
        {
            LocalTime = new DateTime(2026, 1, 1, 10, 0, 0, DateTimeKind.Unspecified).AddDays(i),
        }));
        return account;
    }

    /// <summary>Removes the apostrophe in front of each formula.</summary>
    private static string Unescape(string field)
    {
        var inner = Regex.Replace(field, """(?<=\A'?|[;\t\r\n])'(?=[^\S\t\r\n]*["'\uFEFF]*[=+\-@＝＋－＠])""", "");
        return inner is ['\'', '\t' or '\r' or '\n', ..] ? inner[1..] : inner;
    }

    /// <summary>Reads CSV by RFC 4180.</summary>
    internal static List<List<string>> ParseCsv(string text)
    {
        var rows = new List<List<string>> { new() };
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted)
            {
                if (text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append(text[i++]);
                }
                else if (text[i] == '"')
                {
                    quoted = false;
                }
                else
                {
                    field.Append(text[i]);
                }
            }
            else if (text[i] == '"')
            {
                quoted = true;
            }
            else if (text[i] is ',' or '\n')
            {
                rows[^1].Add(field.ToString());
                field.Clear();
                if (text[i] == '\n')
                {
                    rows.Add([]);
                }
            }
            else if (text[i] != '\r')
            {
                field.Append(text[i]);
            }
        }

        rows.RemoveAll(row => row.Count == 0);
        return rows;
    }
}
