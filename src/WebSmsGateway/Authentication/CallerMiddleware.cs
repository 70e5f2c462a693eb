using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using WebSmsGateway.Errors;

namespace WebSmsGateway.Authentication;

/// <summary>
/// Finds out who calls. It refuses nobody yet, because some paths are public; wrong credentials leave a
/// <see cref="CredentialFault"/> for whoever asks for a caller.
/// </summary>
internal sealed partial class CallerMiddleware
{
    private readonly RequestDelegate next;
    private readonly CallerKeys keys;
    private readonly TokenCallers tokens;
    private readonly IOptionsMonitor<JwtBearerOptions> bearer;
    private readonly bool everyoneMayCall;

    public CallerMiddleware(
        RequestDelegate next, IOptions<AuthenticationOptions> options, CallerKeys keys, TokenCallers tokens,
        IOptionsMonitor<JwtBearerOptions> bearer, ILogger<CallerMiddleware> logger)
    {
        this.next = next;
        this.keys = keys;
        this.tokens = tokens;
        this.bearer = bearer;
        everyoneMayCall = options.Value.AllowAnonymous;
        if (everyoneMayCall)
        {
            Log.EveryoneMayRead(logger);
        }
        else
        {
            // Asked for here, so that keys are read at start and not from a configuration that has changed by the first request.
            Log.Callers(logger, keys.Count, tokens.AreAccepted ? "accepted" : "not accepted");
        }
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (everyoneMayCall)
        {
            context.Features.Set(Caller.Anonymous);
        }
        else
        {
            await IdentifyAsync(context);
        }

        await next(context);
    }

    private async Task IdentifyAsync(HttpContext context)
    {
        var hasKey = context.Request.Headers.ContainsKey(CallerKeys.Header);
        var hasToken = BearerToken.IsIn(context.Request);
        if (hasKey && hasToken)
        {
            // Two identities in one request: whichever were taken, somebody would expect the other one's numbers.
            Fault(context, "Send X-Api-Key or Authorization, not both.");
        }
        else if (hasKey)
        {
            Take(context, KeyOf(context) is { } key ? keys.Find(key) : null, "This is not one API key that is known here.");
        }
        else if (hasToken && tokens.AreAccepted)
        {
            await TakeTokenAsync(context);
        }
        else
        {
            Fault(context, hasToken ? "No tokens are accepted here. Send X-Api-Key." : "The request carries no credentials.");
        }
    }

    private async Task TakeTokenAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded && !await IssuerAnswersAsync(context.RequestAborted))
        {
            context.Features.Set(new CredentialFault(ProblemCode.AuthenticationUnavailable, null));
            return;
        }

        Take(context, result.Principal,
            result.Failure is SecurityTokenExpiredException ? "The token has expired." : "The token is not valid here.");
    }

    // A token that fails because the issuer's keys could not be fetched is not a wrong one. Once fetched, this costs nothing.
    private async Task<bool> IssuerAnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            var manager = bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!;
            await manager.GetConfigurationAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException)
        {
            return false;
        }
    }

    // Two keys are no key: whichever were taken, somebody would expect the other one's numbers.
    private static string? KeyOf(HttpContext context) =>
        context.Request.Headers[CallerKeys.Header] is { Count: 1 } sent ? sent[0] : null;

    private static void Take(HttpContext context, ClaimsPrincipal? claims, string otherwise)
    {
        if (claims is not CallerPrincipal principal)
        {
            Fault(context, otherwise);
            return;
        }

        context.User = principal;
        context.Features.Set(principal.Caller);
    }

    private static void Fault(HttpContext context, string detail) =>
        context.Features.Set(new CredentialFault(ProblemCode.Unauthenticated, detail));

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Warning,
            Message = "Authentication:AllowAnonymous is on: everyone who reaches the gateway can read every message")]
        public static partial void EveryoneMayRead(ILogger logger);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "{Count} API keys; tokens are {Tokens}")]
        public static partial void Callers(ILogger logger, int count, string tokens);
    }
}

/// <summary>Why there is no caller.</summary>
internal sealed record CredentialFault(ProblemCode Code, string? Detail);

/// <summary>Where a token stands in a request.</summary>
internal static class BearerToken
{
    private const string Prefix = "Bearer ";

    public static bool IsIn(HttpRequest request)
    {
        foreach (var value in request.Headers.Authorization)
        {
            if (value is not null && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
