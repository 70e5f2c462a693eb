using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Authentication;
using WebSmsGateway.Model;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>
/// The gateway's own pipeline on a real socket. A few endpoints behind its guard report what a handler gets.
/// </summary>
internal sealed class ProbeGateway : IAsyncDisposable
{
    public const string Shop = "79021234567";
    public const string Bank = "79031234567";
    public const string ShopKey = "key-of-the-shop";
    public const string BankKey = "key-of-the-bank";
    public const string AllKey = "key-of-all";

    private ProbeGateway(WebApplication app, LogLines log)
    {
        App = app;
        Log = log;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public WebApplication App { get; }

    public LogLines Log { get; }

    public HttpClient Client { get; }

    /// <summary>The keys of shop, bank and all, and the settings of a test.</summary>
    public static Task<ProbeGateway> StartAsync(params (string Key, string Value)[] settings) =>
        StartWithoutKeysAsync(
            [.. Key(0, "shop", ShopKey, Shop), .. Key(1, "bank", BankKey, Bank), .. Key(2, "all", AllKey, "*"), .. settings]);

    /// <summary>The same by a clock of the test.</summary>
    public static Task<ProbeGateway> StartAsync(TimeProvider clock, params (string Key, string Value)[] settings) =>
        StartWithoutKeysAsync(
            clock, [.. Key(0, "shop", ShopKey, Shop), .. Key(1, "bank", BankKey, Bank), .. Key(2, "all", AllKey, "*"), .. settings]);

    public static Task<ProbeGateway> StartWithoutKeysAsync(params (string Key, string Value)[] settings) =>
        StartWithoutKeysAsync(TimeProvider.System, settings);

    private static async Task<ProbeGateway> StartWithoutKeysAsync(TimeProvider clock, (string Key, string Value)[] settings)
    {
        var log = new LogLines();
        (string Key, string Value)[] common =
            [("urls", "http://127.0.0.1:0"), ("Upstream:Username", "demo"), ("Upstream:Password", "demo")];
        var app = GatewayApplication.Create(
            [.. common.Concat(settings).Select(setting => $"--{setting.Key}={setting.Value}")],
            builder =>
            {
                builder.Logging.ClearProviders().AddProvider(log);
                builder.Services.AddSingleton(clock);
            });
        Map(app);
        await app.StartAsync();
        return new ProbeGateway(app, log);
    }

    public static (string Key, string Value)[] Key(int index, string name, string key, string numbers) =>
    [
        ($"Authentication:ApiKeys:{index}:Name", name),
        ($"Authentication:ApiKeys:{index}:Sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))),
        ($"Authentication:ApiKeys:{index}:Numbers", numbers),
    ];

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    public async Task<int> StatusOfAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await GetAsync(path, headers);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }

    private static void Map(WebApplication app)
    {
        var guarded = app.MapGroup("/probe").RequireCaller();
        guarded.MapGet("/caller", (HttpContext context) => context.GetCaller().Name);
        guarded.MapGet("/numbers/{number}", (string number) => number);
        guarded.MapGet("/numbers/{number}/limited", (string number, int limit) => number + limit);
        guarded.MapGet("/sees/{other}", (string other, HttpContext context) => context.GetNumbers().Includes(RentedNumber.Reported(other)));
        guarded.MapGet("/read", (HttpContext context, AuditLog audit) =>
            audit.Read(context.GetCaller(), RentedNumber.Reported(Shop), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), 3));
        app.MapGet("/beside-the-guard", (HttpContext context) => context.GetNumbers().IsAll);
        app.MapGet("/address", (HttpContext context) => $"{context.Request.Scheme} {context.Connection.RemoteIpAddress}");
        app.MapGet("/unlimited", () => "here").DisableRateLimiting();
    }
}
