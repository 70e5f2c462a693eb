using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Errors;

/// <summary>Problems on a real socket, from endpoints that fail on purpose.</summary>
public sealed class ProblemsTests : IAsyncLifetime
{
    private const string Secret = "79021234567-hunter2";

    private readonly LogLines log = new();
    private readonly HttpClient client = new();
    private WebApplication app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 16 * 1024);
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Upstream:Username"] = "demo",
            ["Upstream:Password"] = "demo",
            ["Upstream:ErrorStatus:2"] = "503",
        });
        builder.AddGatewayConfiguration();
        builder.Services.AddSingleton(new AnswerMemory(1L << 40, "", _ => { }));
        builder.AddCheckedOptions<UpstreamOptions>(UpstreamOptions.Section);
        builder.AddErrors();
        app = builder.Build();
        app.UseErrors();
        app.MapProblemPages();
        app.MapGet("/defect", string () => throw new InvalidOperationException(Secret, new FormatException(Secret)));
        app.MapGet("/late-defect", async (HttpResponse response) =>
        {
            await response.WriteAsync("[");
            await response.Body.FlushAsync();
            throw new InvalidOperationException(Secret);
        });
        app.MapGet("/count", (int limit) => limit);
        app.MapPost("/body", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            return "read";
        });
        app.MapGet("/faults", () => (IResult)ProblemResult.InvalidRequest(
            new Dictionary<string, string[]> { ["from"] = ["31.02 is no day; for example 2026-02-28"], ["limit"] = ["1 to 1000"] }));
        app.MapMethods("/refused", ["GET", "HEAD"], (HttpResponse response) =>
        {
            response.Headers.ETag = "\"x\"";
            return (IResult)ProblemResult.Of(
                new UpstreamFailure(UpstreamError.CredentialsRejected, "Пароль не подошёл.", 2, TimeSpan.FromSeconds(29.2)));
        });
        app.MapGet("/unknown-number", () => (IResult)ProblemResult.Of(
            new UpstreamFailure(UpstreamError.OtherErrorNumber, "WEBSMS answered error_num 17.", 17)));
        app.MapGet("/open-circuit", () => (IResult)ProblemResult.Of(ProblemCode.UpstreamUnavailable));
        await app.StartAsync();
        client.BaseAddress = new Uri(app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not-found")]
    [InlineData("GET", "/problems/no-such", 404, "not-found")]
    [InlineData("DELETE", "/faults", 405, "method-not-allowed")]
    [InlineData("GET", "/count", 400, "invalid-request")]
    [InlineData("GET", "/count?limit=many", 400, "invalid-request")]
    [InlineData("GET", "/defect", 500, "internal-error")]
    [InlineData("GET", "/refused", 503, "upstream-credentials-rejected")]
    public async Task AnyFailure_WhateverAcceptSays_IsAProblemWithAllFields(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using var response = await client.SendAsync(request);
        var problem = await ReadAsync(response);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal("/problems/" + code, problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.All(["title", "detail", "traceId"], name => Assert.NotEmpty(problem.GetProperty(name).GetString()!));
    }

    [Fact]
    public async Task WrongMethod_KnownPath_NamesTheAllowedOnes()
    {
        using var response = await client.DeleteAsync("/faults");

        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
        Assert.Equal("This path takes GET, HEAD.", (await ReadAsync(response)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task InvalidRequest_SeveralFaults_NamesEachWithItsMessages()
    {
        using var response = await client.GetAsync("/faults");
        var errors = (await ReadAsync(response)).GetProperty("errors");

        Assert.Equal("31.02 is no day; for example 2026-02-28", errors.GetProperty("from")[0].GetString());
        Assert.Equal("1 to 1000", errors.GetProperty("limit")[0].GetString());
    }

    [Fact]
    public async Task UpstreamFailure_KnownDelay_SaysWhenToRetryAndDropsTheEntityTag()
    {
        using var response = await client.GetAsync("/refused");

        Assert.Equal("30", response.Headers.RetryAfter!.ToString());
        Assert.Null(response.Headers.ETag);
        Assert.Contains("Пароль не подошёл.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpstreamUnavailable_UnknownDelay_HasRetryAfterAllTheSame()
    {
        using var response = await client.GetAsync("/open-circuit");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task UpstreamError_UnlistedNumber_ShowsTheNumber()
    {
        using var response = await client.GetAsync("/unknown-number");

        Assert.Equal("WEBSMS answered error_num 17.", (await ReadAsync(response)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Head_Failure_HasHeadersAndNoBody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/refused");
        using var response = await client.SendAsync(request);

        Assert.Equal(ProblemResult.ContentType, response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Content.Headers.ContentLength > 100);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Body_LargerThanKestrelTakes_IsRequestTooLarge()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/body") { Content = new ByteArrayContent(new byte[20_000]) };
        request.Headers.ExpectContinue = true;
        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request-too-large", (await ReadAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Defect_OfOurs_IsLoggedOnceWithTheTraceIdAndWithoutMessages()
    {
        using var response = await client.GetAsync("/defect");
        var traceId = (await ReadAsync(response)).GetProperty("traceId").GetString()!;

        var line = Assert.Single(log.Lines, line => line.Contains(traceId, StringComparison.Ordinal));
        Assert.Contains("/defect", line, StringComparison.Ordinal);
        Assert.Contains("caused by System.FormatException", line, StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Problem_CallerIsInATrace_CarriesItsId()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        using var response = await client.SendAsync(request);

        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", (await ReadAsync(response)).GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task Defect_AfterTheFirstByte_BreaksTheConnectionInsteadOfPassingForWhole()
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("/late-defect"));

        Assert.DoesNotContain(log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ProblemPages_EveryCode_ExplainsItself()
    {
        var index = await client.GetStringAsync("/problems");
        foreach (var kind in ProblemTable.All)
        {
            Assert.Contains(kind.Type, index, StringComparison.Ordinal);
            using var response = await client.GetAsync(kind.Type);
            Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
            var page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
            Assert.Contains(kind.WhatToDo, page, StringComparison.Ordinal);
            Assert.Contains(kind.WhoActs, page, StringComparison.Ordinal);
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(ProblemResult.ContentType, response.Content.Headers.ContentType!.ToString());
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }
}
