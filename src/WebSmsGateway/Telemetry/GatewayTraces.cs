using System.Diagnostics;

namespace WebSmsGateway.Telemetry;

/// <summary>
/// The spans of the gateway within a request: reads of the archive, calls to Redis and WEBSMS. Attributes are closed lists and counts,
/// never a number, a text, an address or a secret.
/// </summary>
internal static class GatewayTraces
{
    public const string SourceName = "WebSmsGateway";

    private static readonly ActivitySource Source = new(SourceName, ProductVersion.Text);

    /// <summary>A read of day records from the archive.</summary>
    public static GatewaySpan Read() => new(Source.StartActivity("day records read"));

    /// <summary>All attempts to get one answer from WEBSMS, and the delays between them.</summary>
    public static GatewaySpan Question(bool wholeAccount)
    {
        var activity = Source.StartActivity("upstream question");
        activity?.SetTag("websms.scope", wholeAccount ? "account" : "number");
        return new(activity);
    }

    /// <summary>One attempt to call WEBSMS.</summary>
    public static GatewaySpan Call(int attempt)
    {
        var activity = Source.StartActivity("upstream call", ActivityKind.Client);
        activity?.SetTag("http.request.method", "GET");
        if (attempt > 1)
        {
            activity?.SetTag("http.request.resend_count", attempt - 1);
        }

        return new(activity);
    }

    public static GatewaySpan Redis(string operation)
    {
        var activity = Source.StartActivity($"redis {operation}", ActivityKind.Client);
        activity?.SetTag("db.system.name", "redis");
        activity?.SetTag("db.operation.name", operation);
        return new(activity);
    }

    /// <summary>One round of a poll.</summary>
    public static GatewaySpan Poll() => new(Source.StartActivity("poll"));

    /// <summary>Leaves the request that started a loop. The loop outlives the request, so its spans must not belong to it.</summary>
    public static void LeaveRequest() => Activity.Current = null;
}

/// <summary>A span. It does nothing if nobody listens.</summary>
internal readonly struct GatewaySpan(Activity? activity) : IDisposable
{
    /// <summary>Records the outcome: <c>ok</c> or the name of a failure.</summary>
    public void Ended(string outcome)
    {
        activity?.SetTag("websms.outcome", outcome);
        if (outcome != "ok")
        {
            activity?.SetTag("error.type", outcome);
            activity?.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>Records the result of a read from the archive.</summary>
    public void Read(int days, string source, bool isStale)
    {
        activity?.SetTag("websms.days", days);
        activity?.SetTag("websms.source", source);
        activity?.SetTag("websms.stale", isStale);
        Ended("ok");
    }

    public void Dispose() => activity?.Dispose();
}
