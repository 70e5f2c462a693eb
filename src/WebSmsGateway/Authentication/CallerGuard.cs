using WebSmsGateway.Errors;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>
/// The only place that decides which numbers a caller may read. It runs before binding and handlers, so no guarded endpoint answers first.
/// Only the guard sets the <see cref="NumberSet"/> of a request, so an endpoint without the guard can read nothing. The order of checks is
/// 401, 400, 403, 404, so unauthenticated callers learn nothing about numbers.
/// </summary>
internal sealed class CallerGuard(RequestDelegate next, TokenCallers tokens, NumberDirectory directory)
{
    private const string NumberParameter = "number";
    private const string KeyChallenge = $"{CallerKeys.SchemeName} realm=\"WebSmsGateway\"";
    private const string TokenChallenge = "Bearer realm=\"WebSmsGateway\"";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<CallerRequired>() is null)
        {
            return next(context);
        }

        var request = RequestCaller.Of(context);
        return request?.Caller is { } caller
            ? GuardNumberAsync(context, request, caller)
            : ChallengeAsync(context, tokens.AreAccepted, request?.Fault ?? CredentialFault.NothingSent);
    }

    /// <summary>Refuses a request without valid credentials.</summary>
    public static Task ChallengeAsync(HttpContext context, bool areTokensAccepted, CredentialFault fault)
    {
        if (fault.Code == ProblemCode.Unauthenticated)
        {
            string[] challenges = areTokensAccepted ? [KeyChallenge, TokenChallenge] : [KeyChallenge];
            context.Response.Headers.WWWAuthenticate = challenges;
        }

        return ProblemResult.Of(fault.Code, fault.Detail, fault.RetryAfter).ExecuteAsync(context);
    }

    private Task GuardNumberAsync(HttpContext context, RequestCaller request, Caller caller)
    {
        if (caller.Ticket is not null && context.GetEndpoint()!.Metadata.GetMetadata<TicketAccepted>() is null)
        {
            return ProblemResult.Of(ProblemCode.Forbidden, "A ticket only reads numbers, messages, codes and streams.").ExecuteAsync(context);
        }

        var values = context.Request.RouteValues;
        if (values.TryGetValue(NumberParameter, out var value))
        {
            if (!RentedNumber.TryParse(value as string, out var number))
            {
                var errors = new Dictionary<string, string[]> { [NumberParameter] = [RentedNumber.Accepted] };
                return ProblemResult.InvalidRequest(errors).ExecuteAsync(context);
            }

            if (!caller.Numbers.Includes(number))
            {
                return ProblemResult.Of(ProblemCode.Forbidden).ExecuteAsync(context);
            }

            if (!directory.Knows(number))
            {
                return ProblemResult.Of(ProblemCode.NotFound, "This number is not among the rented numbers.").ExecuteAsync(context);
            }

            values[NumberParameter] = number.ToString();
            request.Number = number;
        }

        request.Numbers = directory.Restrict(caller.Numbers);
        return next(context);
    }
}
