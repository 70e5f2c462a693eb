using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Authentication;

/// <summary>Who calls, and which numbers they may read.</summary>
internal static class AuthenticationFeature
{
    public static void AddCallers(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<AuthenticationOptions>(AuthenticationOptions.Section);
        builder.Services.AddSingleton<CallerKeys>();
        builder.Services.AddSingleton<TokenCallers>();
        builder.Services.AddSingleton<AuditLog>();

        // Keys need no scheme, and where no tokens are accepted the framework's authentication would only cost time.
        if (!string.IsNullOrEmpty(builder.Configuration[$"{AuthenticationOptions.Section}:Jwt:Authority"]))
        {
            builder.AddTokens();
        }
    }

    /// <summary>Finds out who calls.</summary>
    public static void UseCallers(this WebApplication app) => app.UseMiddleware<CallerMiddleware>();

    /// <summary>Refuses who may not call; after rate limits, so that refusals are limited too.</summary>
    public static void UseCallerGuard(this WebApplication app) => app.UseMiddleware<CallerGuard>();

    // No default scheme: CallerMiddleware decides by header, after the limits for unauthenticated callers, and pays for the check of a token
    // only where there is one.
    private static void AddTokens(this WebApplicationBuilder builder)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        builder.Services.AddAuthentication().AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TokenCallers>((bearer, tokens) => tokens.Configure(bearer));
    }
}
