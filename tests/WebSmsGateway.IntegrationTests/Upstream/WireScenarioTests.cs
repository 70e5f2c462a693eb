using System.Text;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>Bodies that other people met in the field, as a caller of the gateway sees them.</summary>
public sealed class WireScenarioTests
{
    private const string Text = "Привет 😀";

    [Fact]
    public async Task DamagedCharacter_InADeclaredUtf8_ConcernsItsOwnMessageAlone()
    {
        byte[] body = [.. Head("1"), .. "Hi "u8, 0xF0, 0x9F, 0x98, .. "\"},"u8, .. Head("2"), .. Encoding.UTF8.GetBytes(Text + "\"}]")];
        body[0] = (byte)'[';

        var page = await ReadAsync(Reply.Ok(body, "Content-Type: application/json; charset=utf-8\r\n"));

        Assert.Equal(["Hi \uFFFD", Text], Texts(page));
        Assert.Equal(["1 unreadable-characters"], Problems(page));
    }

    [Fact]
    public async Task SurrogatesWrittenAsUtf8_AreTheEmoji()
    {
        byte[] body = [.. Head("1"), 0xED, 0xA0, 0xBD, 0xED, 0xB9, 0x88, .. "\"}]"u8];
        body[0] = (byte)'[';

        var page = await ReadAsync(Reply.Ok(body));

        Assert.Equal(["🙈"], Texts(page));
        Assert.Empty(Problems(page));
    }

    [Theory]
    [InlineData("raw deflate", "deflate")]
    [InlineData("deflate", "deflate")]
    [InlineData(null, "utf-8")]
    public async Task Packing_OfOldServers_IsRead(string? packing, string encoding)
    {
        byte[] body = [.. Head("1"), .. Encoding.UTF8.GetBytes(Text + "\"}]")];
        body[0] = (byte)'[';

        var page = await ReadAsync(Reply.Ok(packing is null ? body : Reply.Packed(body, packing), $"Content-Encoding: {encoding}\r\n"));

        Assert.Equal([Text], Texts(page));
    }

    [Theory]
    [InlineData("[Error]\r\nerror_num=4\r\nerror_message=No records found\r\n", null)]
    [InlineData("[Error]\r\nerror_num=1\r\n", "upstream-credentials-missing")]
    [InlineData("[Error]\r\nerror_num=2\r\n", "upstream-credentials-rejected")]
    [InlineData("[Result]\r\nerror_num=17\r\n", "upstream-error")]
    [InlineData("{\"err_num\":\"4\"}", null)]
    [InlineData("{\"err_num\":2}", "upstream-credentials-rejected")]
    [InlineData("{\"error\":\"17\"}", "upstream-error")]
    [InlineData("{\"error\":\"incorrect login or password\"}", "upstream-credentials-rejected")]
    public async Task Verdict_UnderASectionOrAnotherKey_IsTheVerdict(string body, string? code)
    {
        var page = await ReadAsync(Reply.Ok(body));

        Assert.Equal(code, page.TryGetProperty("code", out var told) ? told.GetString() : null);
    }

    [Theory]
    [InlineData("[{\"in_date\":\"11.03.2013 12:00:00\",\"sms_date\":\"11.03.2013 13:00:00\",\"rentnum\":\"79021234567\",\"telnum\":\"1\",\"message\":\"a\"}]")]
    [InlineData("<XML><message in_date=\"11.03.2013 12:00:00\" sms_date=\"11.03.2013 13:00:00\" rentnum=\"79021234567\" telnum=\"1\">a</message></XML>")]
    [InlineData("[1]\nin_date=11.03.2013 12:00:00\nsms_date=11.03.2013 13:00:00\nrentnum=79021234567\ntelnum=1\nmessage=a\n")]
    public async Task TwoNamesOfOneField_TheFirstStandsAndThePageSaysSo(string body)
    {
        var page = await ReadAsync(Reply.Ok(body));

        Assert.Equal("2013-03-11T12:00:00+04:00", page.GetProperty("items")[0].GetProperty("receivedAt").GetString());
        Assert.Equal(["1 ambiguous-text"], Problems(page));
    }

    [Fact]
    public async Task RecordWithoutMessageBesideAnUnknownField_IsAnEmptyTextAndThePageSaysSo()
    {
        var page = await ReadAsync(Reply.Ok(
            "[{\"sms_date\":\"11.03.2013 12:00:00\",\"rentnum\":\"79021234567\",\"telnum\":\"1\",\"text\":\"a\"}]"));

        Assert.Equal([""], Texts(page));
        Assert.Equal(["1 ambiguous-text"], Problems(page));
    }

    [Fact]
    public async Task TextsThatNobodyEscaped_AreGivenAsTheyAre()
    {
        byte[] body = [.. Head("1"), .. "C:\\new\\temp\\\"},"u8, .. Head("2"), .. "b\"},"u8, .. Head("3"), .. "D:\\\"}]"u8];
        body[0] = (byte)'[';

        var page = await ReadAsync(Reply.Ok(body));

        Assert.Equal(["C:\\new\\temp\\", "b", "D:\\"], Texts(page));
        Assert.Equal(["3 ambiguous-text"], Problems(page));
    }

    [Fact]
    public async Task ThousandsOfDamagedRecords_AreListedUpToAHundredAndCounted()
    {
        var page = await ReadAsync(Reply.Ok($"[{string.Concat(Enumerable.Repeat("{\"telnum\":1},", 300_000))}]"));

        var problems = page.GetProperty("problems").EnumerateArray().ToList();
        Assert.Equal(101, problems.Count);
        Assert.Equal("unreadable-record", problems[^1].GetProperty("reason").GetString());
        Assert.Equal(299_900, problems[^1].GetProperty("more").GetInt32());
    }

    /// <summary>A record up to the beginning of its text, behind a space for what opens the list.</summary>
    private static byte[] Head(string second) => Encoding.UTF8.GetBytes(
        $" {{\"sms_date\":\"11.03.2013 12:00:0{second}\",\"rentnum\":\"79021234567\",\"telnum\":\"1\",\"message\":\"");

    private static async Task<JsonElement> ReadAsync(Func<Stream, CancellationToken, Task> reply)
    {
        await using var server = new ScriptedServer(reply);
        await using var gateway = RunningGateway.Start(
            null, ("Upstream:BaseAddress", server.Address()), ("Upstream:Username", "demo"), ("Upstream:Password", "demo"));
        return (await gateway.ReadAsync("2013-03-11", "2013-03-11", number: null, query: "&order=asc")).Body;
    }

    private static IEnumerable<string> Texts(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString()!);

    private static IEnumerable<string> Problems(JsonElement page) => page.GetProperty("problems").EnumerateArray()
        .Select(problem => $"{problem.GetProperty("position").GetInt32()} {problem.GetProperty("reason").GetString()}");
}
