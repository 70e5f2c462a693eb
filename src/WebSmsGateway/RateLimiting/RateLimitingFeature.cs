using WebSmsGateway.Configuration;

namespace WebSmsGateway.RateLimiting;

/// <summary>Limits each caller: token buckets for requests, and a bound for waits and streams.</summary>
internal static class RateLimitingFeature
{
    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LongRequestsDefault>();
        builder.Services.AddSingleton<IProcessDefaults<RateLimitingOptions>>(services => services.GetRequiredService<LongRequestsDefault>());
        builder.Services.AddSingleton(services => services.GetRequiredService<LongRequestsDefault>().Lowered);
        builder.AddCheckedOptions<RateLimitingOptions>(RateLimitingOptions.Section);
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<LongRequests>();
    }

    /// <summary>Belongs before the answers to preflights.</summary>
    public static void UsePreflightLimit(this IApplicationBuilder app) => app.UseMiddleware<PreflightMiddleware>();

    /// <summary>Belongs after authentication. Endpoints with <c>DisableRateLimiting()</c>, such as health, are not limited.</summary>
    public static void UseRateLimits(this WebApplication app) => app.UseMiddleware<RateLimitMiddleware>();
}
