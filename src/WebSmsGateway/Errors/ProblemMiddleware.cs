using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Errors;

/// <summary>Turns bare statuses and exceptions of everything behind it into problems.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (IsAbort(exception, context))
        {
            // The caller has left. The status is for the metrics only.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }

            return;
        }
        catch (Exception exception)
        {
            await AnswerAsync(exception, context);
            return;
        }

        if (IsBareFailure(context.Response))
        {
            await OfBareStatus(context.Response).ExecuteAsync(context);
        }
    }

    private static bool IsBareFailure(HttpResponse response) =>
        response.StatusCode >= StatusCodes.Status400BadRequest
        && response.StatusCode != ClientClosedRequest
        && !response.HasStarted
        && response.ContentLength is null
        && string.IsNullOrEmpty(response.ContentType);

    private static ProblemResult OfBareStatus(HttpResponse response)
    {
        if (response.StatusCode != StatusCodes.Status405MethodNotAllowed || response.Headers.Allow is not { Count: > 0 } allow)
        {
            return ProblemResult.OfStatus(response.StatusCode);
        }

        // HeadRequests allows HEAD wherever GET is allowed, and routing does not know it.
        var methods = string.Join(", ", allow.ToArray());
        methods = methods == HttpMethods.Get ? $"{HttpMethods.Get}, {HttpMethods.Head}" : methods;
        response.Headers.Allow = methods;
        return ProblemResult.Of(ProblemCode.MethodNotAllowed, $"This path takes {methods}.");
    }

    private static bool IsAbort(Exception exception, HttpContext context) =>
        context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException;

    private async Task AnswerAsync(Exception exception, HttpContext context)
    {
        if (exception is BadHttpRequestException { StatusCode: var status } && !context.Response.HasStarted)
        {
            await ProblemResult.OfStatus(status).ExecuteAsync(context);
            return;
        }

        Log.Defect(logger, RouteOf(context), ProblemResult.TraceIdOf(context), Defect.Describe(exception));
        if (context.Response.HasStarted)
        {
            // The status has been sent. Only a broken connection can still show that the body is incomplete.
            context.Abort();
            return;
        }

        await ProblemResult.Of(ProblemCode.InternalError).ExecuteAsync(context);
    }

    // The pattern instead of the path, because paths hold numbers.
    private static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "no route";

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Defect in {Route}, trace {TraceId}: {Defect}")]
        public static partial void Defect(ILogger logger, string route, string traceId, string defect);
    }
}
