using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WebSmsGateway.Benchmarks;

/// <summary>The servers without the gateway with which <c>bench/compare.sh</c> compares.</summary>
internal static class Peers
{
    /// <summary>Kestrel that only sends the bytes.</summary>
    public static Task<int> BareAsync(string address, string file) => RunAsync(address, file, _ => { }, (app, send) => app.Run(send));

    /// <summary>The framework's own response cache in front of the same bytes.</summary>
    public static Task<int> OutputCacheAsync(string address, string file) => RunAsync(
        address,
        file,
        builder => builder.Services.AddOutputCache(),
        (app, send) =>
        {
            app.UseOutputCache();
            app.MapGet("/{**path}", send).CacheOutput(policy => policy.Expire(TimeSpan.FromHours(1)));
        });

    private static async Task<int> RunAsync(
        string address, string file, Action<WebApplicationBuilder> configure, Action<WebApplication, RequestDelegate> map)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        configure(builder);
        await using var app = builder.Build();
        map(app, context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes, 0, bytes.Length, context.RequestAborted);
        });
        await app.RunAsync();
        return 0;
    }
}
