using WebSmsGateway.Configuration;

namespace WebSmsGateway.RateLimiting;

/// <summary>Nobody takes more than their share: token buckets for requests, a bound for those that stay open.</summary>
internal static class RateLimitingFeature
{
    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<RateLimitingOptions>(RateLimitingOptions.Section);
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<LongRequests>();
    }

    /// <summary>Before authentication: spares its costly part for addresses that fail all the time.</summary>
    public static void UseUnauthenticatedLimit(this WebApplication app) => app.UseMiddleware<UnauthenticatedMiddleware>();

    /// <summary>After authentication. Endpoints with <c>DisableRateLimiting()</c> are left out: health, for one.</summary>
    public static void UseRateLimits(this WebApplication app) => app.UseMiddleware<RateLimitMiddleware>();
}
