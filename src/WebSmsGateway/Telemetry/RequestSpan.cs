using System.Diagnostics;

namespace WebSmsGateway.Telemetry;

/// <summary>Metadata of an endpoint whose requests make no spans.</summary>
internal sealed class NoSpans;

/// <summary>Describes the framework's span of a request by the pattern of its route. The path may contain a number.</summary>
internal sealed class RequestSpan(RequestDelegate next)
{
    // An unauthenticated caller can invent methods, so an unknown method must not become an attribute.
    private const string OtherMethod = "_OTHER";

    public Task InvokeAsync(HttpContext context) =>
        Activity.Current is { IsAllDataRequested: true } activity ? DescribedAsync(activity, context) : next(context);

    private async Task DescribedAsync(Activity activity, HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<NoSpans>() is not null)
            {
                // Exporters omit spans that are not recorded. The sampler cannot decide it, because routing comes later.
                activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }

            Describe(activity, context);
        }
    }

    private static void Describe(Activity activity, HttpContext context)
    {
        var method = HttpMethods.IsGet(context.Request.Method) ? HttpMethods.Get
            : HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Head
            : HttpMethods.IsOptions(context.Request.Method) ? HttpMethods.Options
            : OtherMethod;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var status = context.Response.StatusCode;
        activity.DisplayName = route is null ? method : $"{method} {route}";
        activity.SetTag("http.request.method", method);
        activity.SetTag("http.route", route);
        activity.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            activity.SetTag("error.type", status.ToString());
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
