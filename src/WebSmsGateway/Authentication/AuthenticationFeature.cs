using WebSmsGateway.Configuration;

namespace WebSmsGateway.Authentication;

/// <summary>Identifies callers and restricts them to the numbers that they may read.</summary>
internal static class AuthenticationFeature
{
    public static void AddCallers(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<AuthenticationOptions>(AuthenticationOptions.Section);
        builder.Services.AddSingleton<CallerKeys>();
        builder.Services.AddSingleton<IssuerKeys>();
        builder.Services.AddHostedService(services => services.GetRequiredService<IssuerKeys>());
        builder.Services.AddSingleton<TokenCallers>();
        builder.AddCheckedOptions<TicketOptions>(TicketOptions.Section);
        builder.Services.AddSingleton<TicketKeys>();
        builder.Services.AddSingleton<TicketCallers>();
        builder.Services.AddSingleton<AuditLog>();
    }

    /// <summary>Takes tickets out of queries. It comes first of all, so that nothing else sees them.</summary>
    public static void UseTicketsOfQueries(this WebApplication app) => app.UseMiddleware<TicketInQuery>();

    /// <summary>Identifies the caller.</summary>
    public static void UseCallers(this WebApplication app) => app.UseMiddleware<CallerMiddleware>();

    /// <summary>Refuses callers without permission. It belongs after the rate limits, so that refused requests are limited, too.</summary>
    public static void UseCallerGuard(this WebApplication app) => app.UseMiddleware<CallerGuard>();

    /// <summary>Ends requests whose credentials end. It belongs right before the endpoints: what is answered at once needs no watch.</summary>
    public static void UseCredentialsEnd(this WebApplication app) => app.UseMiddleware<CredentialsEndMiddleware>();
}
