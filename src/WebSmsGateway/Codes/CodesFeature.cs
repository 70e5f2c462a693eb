using Microsoft.AspNetCore.Http.HttpResults;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;
using WebSmsGateway.RateLimiting;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Codes;

/// <summary>The next one-time code, of one number or of all that the caller may read.</summary>
internal static class CodesFeature
{
    /// <summary>The header of every answer: where to go on.</summary>
    public const string NextCursor = "Next-Cursor";

    public static void AddCodes(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CodeWait>();
        builder.Services.AddSingleton<CodeServices>();
    }

    public static void MapCodes(this RouteGroupBuilder account, RouteGroupBuilder number)
    {
        account.MapGet("/messages/code", GetCode).WithQuery<CodeRequest>().WithName("GetNextCode");
        number.MapGet("/code", GetCodeOfNumber).WithQuery<CodeRequest>().WithName("GetNextCodeOfNumber");
    }

    /// <summary>The next one-time code of any number that the caller may read.</summary>
    /// <remarks>
    /// Waits for the first message with a code and gives the code alone, so that <c>code=$(curl -sf …)</c> needs nothing else; with
    /// <c>Accept: application/json</c> the message, too. 204 where none comes in time. A code that arrives between two calls is not lost
    /// where the second one has the <c>Next-Cursor</c> of the first: take it with <c>wait=0</c> before you have the code sent. Two
    /// callers that wait on one number get the same code.
    /// </remarks>
    /// <response code="200">The code.</response>
    /// <response code="204">No code came in time. <c>Next-Cursor</c> goes on.</response>
    private static Task<Results<CodeResult, ProblemResult>> GetCode(
        [AsParameters] CodeRequest request, CodeServices services, HttpContext context, CancellationToken cancellationToken) =>
        AnswerAsync(request.Query!, services, context, cancellationToken);

    /// <summary>The next one-time code of one rented number.</summary>
    /// <remarks>
    /// Waits for the first message with a code and gives the code alone, so that <c>code=$(curl -sf …)</c> needs nothing else; with
    /// <c>Accept: application/json</c> the message, too. 204 where none comes in time. A code that arrives between two calls is not lost
    /// where the second one has the <c>Next-Cursor</c> of the first: take it with <c>wait=0</c> before you have the code sent. Two
    /// callers that wait on one number get the same code.
    /// </remarks>
    /// <param name="number" example="79021234567">The rented number, <c>7XXXYYYYYYY</c>; a leading <c>+</c> is accepted.</param>
    /// <response code="200">The code.</response>
    /// <response code="204">No code came in time. <c>Next-Cursor</c> goes on.</response>
    private static Task<Results<CodeResult, ProblemResult>> GetCodeOfNumber(
        RentedNumber number, [AsParameters] CodeRequest request, CodeServices services, HttpContext context,
        CancellationToken cancellationToken) => AnswerAsync(request.Query!, services, context, cancellationToken);

    private static async Task<Results<CodeResult, ProblemResult>> AnswerAsync(
        MessageQuery query, CodeServices services, HttpContext context, CancellationToken cancellationToken)
    {
        if (query.Wait == TimeSpan.Zero)
        {
            return Answer(query, await services.Waits.ReadOnceAsync(query, cancellationToken), services, context);
        }

        if (services.Waits.IsStopping)
        {
            return ProblemResult.Of(ProblemCode.Stopping);
        }

        if (!services.LongRequests.TryEnter(context.GetCaller(), out var lease))
        {
            return ProblemResult.Of(ProblemCode.RateLimited, "You have as many waits and streams open as you may.");
        }

        using (lease)
        {
            return services.Waits.TryOpen(query, out var following)
                ? Answer(query, await services.Waits.ReadAsync(following, query.Wait, cancellationToken), services, context)
                : ProblemResult.Of(ProblemCode.RateLimited, "You watch as many numbers as you may.");
        }
    }

    private static Results<CodeResult, ProblemResult> Answer(
        MessageQuery query, CodeReading reading, CodeServices services, HttpContext context)
    {
        context.Response.Headers[NextCursor] = reading.NextCursor;
        if (reading.IsStopped)
        {
            return ProblemResult.Of(ProblemCode.Stopping);
        }

        if (reading is { Found: null, Failure: { } failure })
        {
            return ProblemResult.Of(failure);
        }

        if (reading.Found is { } message && query.FromNow)
        {
            GatewayMetrics.Delivered("code", services.Clock.GetUtcNow() - message.ReceivedAt);
        }

        services.Audit.Read(context.GetCaller(), query, reading.Found is null ? 0 : 1);
        return new CodeResult(query, reading);
    }
}

/// <summary>The services that give the next code.</summary>
internal sealed record CodeServices(CodeWait Waits, LongRequests LongRequests, AuditLog Audit, TimeProvider Clock);
