using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Upstream;

public sealed class UpstreamRequestTests
{
    [Theory]
    [InlineData("demo")]
    [InlineData("a&b=c+d%e f")]
    [InlineData("7&login=evil")]
    [InlineData("%41%zz%")]
    [InlineData("Пароль№1")]
    [InlineData("#?/\\:;@!$'()*,[]\"<>{}|^`~")]
    [InlineData(" spaces around ")]
    [InlineData("../..//.")]
    [InlineData("💥é")]
    public async Task AskAsync_AnyPassword_ArrivesAsItIs(string secret)
    {
        await using var server = new ScriptedServer(Reply.Ok("[]"));
        await using var host = new UpstreamHost(
            server.Address(), null, ("Upstream:Username", "u" + secret), ("Upstream:Password", secret));

        var answer = await host.AskAsync();

        Assert.Null(answer.Failure);
        var query = Query(Assert.Single(server.Requests));
        Assert.Equal("u" + secret, query["http_username"]);
        Assert.Equal(secret, query["http_password"]);
    }

    [Fact]
    public async Task AskAsync_Question_IsAskedInTheTermsOfTheProtocol()
    {
        await using var server = new ScriptedServer(Reply.Ok("[]"));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Format", "xml"));

        await host.AskAsync(new UpstreamQuestion(RentedNumber.Reported("79021234567"), new DateTime(2013, 3, 1, 9, 5, 0), new DateTime(2013, 3, 11, 23, 59, 59)));

        var request = Assert.Single(server.Requests);
        var query = Query(request);
        Assert.StartsWith("GET /http_feedback.asp?", request, StringComparison.Ordinal);
        Assert.Equal("01.03.2013 09:05:00", query["startdate"]);
        Assert.Equal("11.03.2013 23:59:59", query["enddate"]);
        Assert.Equal("79021234567", query["rentnum"]);
        Assert.Equal("xml", query["format"]);
        Assert.DoesNotContain("telnum", query.Keys);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("7&login=evil")]
    [InlineData("Пароль <№1>&=+% \"💥'")]
    public async Task AskAsync_ByPost_SendsTheSameParametersAndNoneOfThemInTheUrl(string secret)
    {
        IFormCollection? form = null;
        var head = "";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var webSms = builder.Build();
        webSms.MapPost("/{**path}", async context =>
        {
            head = $"{context.Request.Path}{context.Request.QueryString} {context.Request.ContentType}";
            form = await context.Request.ReadFormAsync();
            await context.Response.WriteAsync("[]");
        });
        await webSms.StartAsync();
        await using var host = new UpstreamHost(
            webSms.Urls.First() + "/", null, ("Upstream:Method", "post"), ("Upstream:Username", "u" + secret), ("Upstream:Password", secret));

        var answer = await host.AskAsync();

        Assert.Null(answer.Failure);
        Assert.Equal("/http_feedback.asp application/x-www-form-urlencoded", head);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["http_username"] = "u" + secret,
                ["http_password"] = secret,
                ["startdate"] = "01.01.2021 00:00:00",
                ["enddate"] = "01.01.2021 23:59:59",
                ["rentnum"] = "79123456789",
                ["format"] = "json",
            },
            form!.ToDictionary(field => field.Key, field => field.Value.ToString()));
    }

    [Fact]
    public async Task AskAsync_WholeAccount_SendsNoNumber()
    {
        await using var server = new ScriptedServer(Reply.Ok("[]"));
        await using var host = new UpstreamHost(server.Address());

        await host.AskAsync(UpstreamHost.Question with { RentedNumber = null });

        Assert.DoesNotContain("rentnum", Query(Assert.Single(server.Requests)).Keys);
    }

    [Theory]
    [InlineData("proxied/websms/")]
    [InlineData("proxied/websms")]
    [InlineData("proxied/websms/http_feedback.asp")]
    public async Task AskAsync_BaseAddressWithPath_KeepsThePath(string path)
    {
        await using var server = new ScriptedServer(Reply.Ok("[]"));
        await using var host = new UpstreamHost(server.Address() + path);

        await host.AskAsync();

        Assert.StartsWith("GET /proxied/websms/http_feedback.asp?", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_InsideATrace_RevealsNothingOfIt()
    {
        await using var server = new ScriptedServer(Reply.Ok("[]", "Set-Cookie: session=1\r\n"));
        await using var host = new UpstreamHost(server.Address());

        using var activity = new Activity("request").Start();
        activity.AddBaggage("caller", "shop");
        await host.AskAsync();
        await host.AskAsync();

        Assert.All(server.Requests, request =>
        {
            Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("shop", request, StringComparison.Ordinal);
            Assert.DoesNotContain("Cookie", request, StringComparison.OrdinalIgnoreCase);
        });
    }

    // A server may or may not read a plus as a space. The query must have the same value for both kinds of servers.
    private static Dictionary<string, string> Query(string request)
    {
        var query = request.Split(' ')[1].Split('?')[1];
        return query.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair =>
        {
            Assert.Equal(2, pair.Length);
            Assert.Equal(Uri.UnescapeDataString(pair[1]), WebUtility.UrlDecode(pair[1]));
            return WebUtility.UrlDecode(pair[1]);
        });
    }
}
