using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Authentication;

/// <summary>Identifies callers and restricts them to the numbers that they may read.</summary>
internal static class AuthenticationFeature
{
    public static void AddCallers(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<AuthenticationOptions>(AuthenticationOptions.Section);
        builder.Services.AddSingleton<CallerKeys>();
        builder.Services.AddSingleton<TokenCallers>();
        builder.Services.AddSingleton<AuditLog>();

        // Keys need no scheme. Without tokens the framework's authentication would only cost time.
        if (!string.IsNullOrEmpty(builder.Configuration[$"{AuthenticationOptions.Section}:Jwt:Authority"]))
        {
            builder.AddTokens();
        }
    }

    /// <summary>Identifies the caller.</summary>
    public static void UseCallers(this WebApplication app) => app.UseMiddleware<CallerMiddleware>();

    /// <summary>Refuses callers without permission. It belongs after the rate limits, so that refused requests are limited, too.</summary>
    public static void UseCallerGuard(this WebApplication app) => app.UseMiddleware<CallerGuard>();

    // There is no default scheme: CallerMiddleware decides by header, after the limits for unauthenticated callers, and checks a token only
    // if the request has one.
    private static void AddTokens(this WebApplicationBuilder builder)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        builder.Services.AddAuthentication().AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TokenCallers>((bearer, tokens) => tokens.Configure(bearer));
    }
}
