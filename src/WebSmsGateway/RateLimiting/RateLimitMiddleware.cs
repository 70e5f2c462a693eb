using System.Collections.Concurrent;
using Microsoft.AspNetCore.RateLimiting;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.RateLimiting;

/// <summary>Takes a token for each request, reports the rest in the <c>RateLimit</c> headers and refuses a request without one.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimits limits)
{
    public const string Remaining = "RateLimit";
    public const string Policy = "RateLimit-Policy";

    // One text for each quota. The configured keys bound their number.
    [Bounded("the quotas of configured keys")]
    private static readonly ConcurrentDictionary<int, string> Policies = new();

    public Task InvokeAsync(HttpContext context)
    {
        if (IsExempt(context))
        {
            return next(context);
        }

        var request = RequestCaller.Of(context);
        var taken = request?.Caller is { IsAnonymous: false } caller
            ? limits.Take(caller)
            : limits.Take(AddressKey.Of(context), hasCredentials: request?.Fault is { } fault && fault != CredentialFault.NothingSent);
        return taken.Grant.IsGranted ? GoOnAsync(context, taken) : RefuseAsync(context, taken);
    }

    private static bool IsExempt(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null;

    public static Task RefuseAsync(HttpContext context, (Grant Grant, int PerMinute) taken)
    {
        GatewayMetrics.RateLimited(RequestCaller.Of(context)?.Caller is { } caller ? caller.MetricName : "unauthenticated");
        Describe(context.Response.Headers, taken);
        return ProblemResult.RateLimited(TimeSpan.FromSeconds(taken.Grant.Seconds)).ExecuteAsync(context);
    }

    private Task GoOnAsync(HttpContext context, (Grant Grant, int PerMinute) taken)
    {
        Describe(context.Response.Headers, taken);
        return next(context);
    }

    private static void Describe(IHeaderDictionary headers, (Grant Grant, int PerMinute) taken)
    {
        headers[Remaining] = $"\"default\";r={taken.Grant.Remaining};t={taken.Grant.Seconds}";
        headers[Policy] = Policies.GetOrAdd(taken.PerMinute, static quota => $"\"default\";q={quota};w=60");
    }
}
