using System.Net;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>Each fault of a query is reported with what is accepted and causes no call to WEBSMS.</summary>
public sealed class BadQueryTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    private const string OfNumber = "/rented-numbers/79021234567/messages";

    [Theory]
    [InlineData("from=11.03.2026", "from", "2026-03-11")]
    [InlineData("from=2026-02-31", "from", "does not exist")]
    [InlineData("from=31.02.2026", "from", "2026-03-11")]
    [InlineData("from=1800-01-01", "from", "1900 to 9990")]
    [InlineData("to=9999-12-31", "to", "1900 to 9990")]
    [InlineData("from=", "from", "2026-03-11")]
    [InlineData("from=yesterday", "from", "2026-03-11T12:09:01")]
    [InlineData("from=2026-03-11T12:09:01%2B03", "from", "%2B")]
    [InlineData("from=2026-03-12", "from", "future")]
    [InlineData("from=2026-03-11T12:00:01", "from", "future")]
    [InlineData("from=2026-03-10&to=2026-03-09", "from", "after to")]
    [InlineData("from=2026-03-10T10:00:00&to=2026-03-10T09:59:59", "from", "after to")]
    [InlineData("from=2025-01-01", "from", "366 days")]
    [InlineData("from=1900-01-01&to=2026-03-01", "from", "366 days")]
    [InlineData("to=2026-03-10", "to", "from=2026-03-10")]
    [InlineData("to=2026-03-01", "to", "from=2026-03-01")]
    [InlineData("to=2026-02-30", "to", "does not exist")]
    [InlineData("to=11.03.2026", "to", "2026-03-11")]
    [InlineData("to=2030-01-01", "to", "366 days")]
    [InlineData("from=2026-03-11&to=2030-01-01", "from", "366 days")]
    [InlineData("sender=", "sender", "79161234567")]
    [InlineData("sender=%20%20", "sender", "79161234567")]
    [InlineData("contains=", "contains", "1000")]
    [InlineData("order=newest", "order", "desc")]
    [InlineData("order=", "order", "asc")]
    [InlineData("limit=0", "limit", "1000")]
    [InlineData("limit=1001", "limit", "1000")]
    [InlineData("limit=-1", "limit", "1000")]
    [InlineData("limit=%2B5", "limit", "1000")]
    [InlineData("limit=1e2", "limit", "1000")]
    [InlineData("limit=99999999999999999999", "limit", "1000")]
    [InlineData("limit=ten", "limit", "1000")]
    [InlineData("limit=", "limit", "100")]
    [InlineData("cursor=", "cursor", "nextCursor")]
    [InlineData("cursor=abc", "cursor", "nextCursor")]
    [InlineData("cursor=now", "cursor", "order=asc")]
    [InlineData("cursor=NOW&order=asc", "cursor", "now")]
    [InlineData("form=2026-03-11", "form", "did you mean from?")]
    [InlineData("Ordr=asc", "Ordr", "did you mean order?")]
    [InlineData("page=2", "page", "accepted are from, to, sender, contains, order, limit, cursor")]
    [InlineData("limit=1&limit=2", "limit", "2 times")]
    [InlineData("order=asc&ORDER=asc", "order", "2 times")]
    [InlineData("contains=%EA%EE%E4", "contains", "UTF-8, for example %D0%BA%D0%BE%D0%B4 for код")]
    [InlineData("sender=%CC%D2%D1", "sender", "UTF-8, for example %D0%BA%D0%BE%D0%B4 for код")]
    [InlineData("CONTAINS=%D0", "contains", "is not UTF-8")]
    [InlineData("contains=%ED%A0%BD", "contains", "is not UTF-8")]
    [InlineData("contains=a%zz", "contains", "write % itself as %25")]
    [InlineData("contains=100%", "contains", "write % itself as %25")]
    [InlineData("contains=%4", "contains", "write % itself as %25")]
    [InlineData("contains=%u043A%u043E%u0434", "contains", "%u, which is no percent-encoding of URLs; write the bytes of UTF-8")]
    [InlineData("from=%zz", "from", "write % itself as %25")]
    [InlineData("limit=%FF", "limit", "is not UTF-8")]
    public async Task Page_OneFault_IsNamedWithWhatIsAccepted(string query, string name, string words)
    {
        foreach (var path in (string[])["/messages", OfNumber])
        {
            var problem = await RefusedAsync($"{path}?{query}");
            var fault = Assert.Single(problem.GetProperty("errors").EnumerateObject());
            Assert.Equal(name, fault.Name);
            Assert.Contains(words, Assert.Single(fault.Value.EnumerateArray()).GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Page_ManyFaults_AreAllNamedInOneAnswer()
    {
        var problem = await RefusedAsync(
            "/messages?from=1.3.2026&to=2026-02-30&sender=&contains=&order=x&limit=0&cursor=x&wait=x&colour=red&%D0%B8%D0%BC%D1%8F=1");

        Assert.Equal(
            ["colour", "contains", "cursor", "from", "limit", "order", "sender", "to", "wait", "имя"],
            problem.GetProperty("errors").EnumerateObject().Select(fault => fault.Name).Order(StringComparer.Ordinal));
        Assert.Equal("10 parameters are at fault.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("contains=%D0%BA%D0%BE%D0%B4")]
    [InlineData("contains=код")]
    [InlineData("contains=100%25+и+%F0%9F%98%80")]
    [InlineData("sender=%2B79161234567")]
    public async Task Page_RightlyEncoded_IsAccepted(string query)
    {
        using var response = await noon.Client.GetAsync($"/messages?{query}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/rented-numbers?from=01.03.2026&limit=5", "from", "limit")]
    [InlineData("/rented-numbers?to=2026-03-01", "to", null)]
    [InlineData("/rented-numbers?from=2026-03-10&to=2026-03-09", "from", null)]
    [InlineData("/messages/20260311-7K3M9Q2X4C8N?limit=1", "limit", null)]
    [InlineData("/rented-numbers?from=%zz", "from", null)]
    [InlineData("/messages/stream?sender=%CC%D2%D1&contains=%EA%EE%E4", "sender", "contains")]
    [InlineData("/rented-numbers/79021234567/messages/20260311-7K3M9Q2X4C8N?x=1&y=2", "x", "y")]
    public async Task OtherResources_Faults_AreNamedToo(string path, string first, string? second)
    {
        var errors = (await RefusedAsync(path)).GetProperty("errors");

        Assert.True(errors.TryGetProperty(first, out _));
        Assert.True(second is null || errors.TryGetProperty(second, out _));
    }

    [Theory]
    [InlineData("7902123456")]
    [InlineData("790212345678")]
    [InlineData("89021234567")]
    [InlineData("%2B%2B79021234567")]
    [InlineData("7902-123-45-67")]
    [InlineData("Sberbank")]
    [InlineData("7902123456%D9%A3")]
    [InlineData("79021234567%2Fmessages")]
    [InlineData("79021234567;x=1")]
    public async Task Number_ThatIsNone_IsNamedWithAnExample(string number)
    {
        var problem = await RefusedAsync($"/rented-numbers/{number}/messages");

        Assert.Contains("79021234567", problem.GetProperty("errors").GetProperty("number")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cursor_OfAnotherQuery_IsRefused()
    {
        noon.Account.AddMessages(Enumerable.Range(0, 5).Select(i => GatewayAtNoon.Sms($"2026-03-10 10:00:0{i}")));
        var page = await noon.Gateway.GetAsync($"{OfNumber}?from=2026-03-10&limit=2");
        var cursor = page.GetProperty("nextCursor").GetString()!;
        var next = await noon.Gateway.GetAsync($"{OfNumber}?from=2026-03-10&limit=1000&cursor={cursor}");
        Assert.Equal(2, next.GetProperty("items").GetArrayLength() - 1);
        noon.Account.ClearRequests();

        foreach (var other in (string[])
            [
                $"{OfNumber}?cursor={cursor}",
                $"{OfNumber}?from=2026-03-09&cursor={cursor}",
                $"{OfNumber}?from=2026-03-10&to=2026-03-10&cursor={cursor}",
                $"{OfNumber}?from=2026-03-10&order=asc&cursor={cursor}",
                $"{OfNumber}?from=2026-03-10&contains=1&cursor={cursor}",
                $"{OfNumber}?from=2026-03-10&sender=900&cursor={cursor}",
                $"/rented-numbers/79021234568/messages?from=2026-03-10&cursor={cursor}",
                $"/messages?from=2026-03-10&cursor={cursor}",
            ])
        {
            var problem = await RefusedAsync(other);
            Assert.Contains("another query", problem.GetProperty("errors").GetProperty("cursor")[0].GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Names_InAnyLetterCase_AreAccepted()
    {
        using var response = await noon.Client.GetAsync("/messages?FROM=2026-03-10&To=2026-03-10&Order=ASC&LIMIT=5");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task ThousandsOfUnknownNames_GetAShortAnswer()
    {
        using var response = await noon.Client.GetAsync("/messages?" + string.Join('&', Enumerable.Range(0, 2000).Select(i => $"a{i}")));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 100, 8000);
    }

    private async Task<JsonElement> RefusedAsync(string path)
    {
        noon.Account.ClearRequests();

        // The address goes out as it is written. By default the client would repair a percent sign.
        var address = new Uri(noon.Client.BaseAddress + path[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var response = await noon.Client.GetAsync(address);
        var problem = await GatewayAtNoon.ReadAsync(response);

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{path}: {(int)response.StatusCode}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("invalid-request", problem.GetProperty("code").GetString());
        Assert.Empty(noon.Account.Requests());
        return problem;
    }
}
