using Microsoft.AspNetCore.Http.HttpResults;
using WebSmsGateway.Authentication;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Health;

/// <summary>
/// Whether the process lives and can serve, and the state of its dependencies. The endpoints are public, so without credentials for all
/// numbers they show nothing of numbers or traffic, and never a secret or a full number.
/// </summary>
internal static class HealthFeature
{
    public static void AddHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SilenceAlarm>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SilenceAlarm>());
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService<HealthGauges>();
    }

    public static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup("/health").DisableRateLimiting().WithoutSpans();
        health.MapGet("/live", GetLive).WithName("GetLiveness");
        health.MapGet("/ready", GetReady).WithName("GetReadiness");
    }

    /// <summary>Whether the process lives.</summary>
    /// <remarks>Says nothing about WEBSMS or Redis: a restart would help neither.</remarks>
    private static JsonHttpResult<LivenessReport> GetLive(HttpContext context) =>
        Answer(context, new LivenessReport("live", ProductVersion.Text), StatusCodes.Status200OK);

    /// <summary>Whether the process can serve, and the state of everything that it depends on.</summary>
    /// <remarks>
    /// 200 with the status <c>ready</c>, or <c>degraded</c> when something is wrong that callers may notice; 503 with <c>stopping</c>
    /// when the process is about to end. Asking it causes no call to WEBSMS. Callers of all numbers also get ages, the last failure and the
    /// alarms for silent numbers.
    /// </remarks>
    private static Results<JsonHttpResult<ReadinessSummary>, JsonHttpResult<ReadinessReport>> GetReady(
        HttpContext context, Readiness readiness)
    {
        var report = readiness.Report();
        var status = report.Status == ReadinessStatus.Stopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return RequestCaller.Of(context)?.Caller is { Numbers.IsAll: true, Ticket: null }
            ? Answer(context, report, status)
            : Answer(context, report.Summary, status);
    }

    private static JsonHttpResult<T> Answer<T>(HttpContext context, T report, int status)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(report, HealthJson.Default, statusCode: status);
    }
}
