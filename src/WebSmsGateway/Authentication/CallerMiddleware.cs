using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using WebSmsGateway.Errors;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>
/// Identifies the caller. It refuses no request, because some paths are public. A <see cref="RequestCaller"/> carries the caller or the
/// fault of the credentials to later middleware.
/// </summary>
internal sealed partial class CallerMiddleware
{
    private readonly RequestDelegate next;
    private readonly CallerKeys keys;
    private readonly TokenCallers tokens;
    private readonly IConfigurationManager<OpenIdConnectConfiguration>? issuer;
    private readonly bool everyoneMayCall;

    public CallerMiddleware(
        RequestDelegate next, IOptions<AuthenticationOptions> options, CallerKeys keys, TokenCallers tokens,
        IOptionsMonitor<JwtBearerOptions> bearer, ILogger<CallerMiddleware> logger)
    {
        this.next = next;
        this.keys = keys;
        this.tokens = tokens;

        // The options are read at the start, like the keys. The framework would read them at the first request, after a possible reload.
        issuer = tokens.AreAccepted ? bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager : null;
        everyoneMayCall = options.Value.AllowAnonymous;
        if (everyoneMayCall)
        {
            Log.EveryoneMayRead(logger);
        }
        else
        {
            Log.Callers(logger, keys.Count, tokens.AreAccepted ? "accepted" : "not accepted");
        }
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (everyoneMayCall)
        {
            return GoOn(context, new RequestCaller(Caller.Anonymous));
        }

        var hasKey = context.Request.Headers.ContainsKey(CallerKeys.Header);
        var hasToken = BearerToken.IsIn(context.Request);
        return (hasKey, hasToken) switch
        {
            // Two identities in one request are ambiguous: the caller might expect the numbers of either.
            (true, true) => GoOn(context, Nobody("Send X-Api-Key or Authorization, not both.")),
            (true, false) => GoOn(context, OfKey(context)),
            (false, true) when tokens.AreAccepted => GoOnWithTokenAsync(context),
            (false, true) => GoOn(context, Nobody("No tokens are accepted here. Send X-Api-Key.")),
            _ => GoOn(context, Nobody("The request carries no credentials.")),
        };
    }

    private Task GoOn(HttpContext context, RequestCaller caller)
    {
        context.Features.Set(caller);
        return next(context);
    }

    private async Task GoOnWithTokenAsync(HttpContext context) => await GoOn(context, await OfTokenAsync(context));

    // Two keys are refused, because the caller might expect the numbers of either.
    private RequestCaller OfKey(HttpContext context) =>
        context.Request.Headers[CallerKeys.Header] is { Count: 1 } sent && keys.Find(sent[0]!) is { } caller
            ? new RequestCaller(caller)
            : Nobody("This is not one API key that is known here.");

    private async Task<RequestCaller> OfTokenAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (result is { Succeeded: true, Principal: CallerPrincipal principal })
        {
            return new RequestCaller(principal.Caller);
        }

        return await IssuerAnswersAsync(context.RequestAborted)
            ? Nobody(result.Failure is SecurityTokenExpiredException ? "The token has expired." : "The token is not valid here.")
            : new RequestCaller(new CredentialFault(ProblemCode.AuthenticationUnavailable, null));
    }

    // A token is not wrong if the issuer's keys could not be fetched. Once fetched, they are cached.
    private async Task<bool> IssuerAnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await issuer!.GetConfigurationAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException)
        {
            return false;
        }
    }

    private static RequestCaller Nobody(string detail) => new(new CredentialFault(ProblemCode.Unauthenticated, detail));

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

/// <summary>The token of a request.</summary>
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
