using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;

namespace WebSmsGateway.Hosting;

/// <summary>
/// Refuses requests for a foreign name where no credentials are required. A page on the Internet can have its own name point to an address in
/// this network, and the browser then lets it read the answers. With credentials it could read nothing.
/// </summary>
internal sealed partial class HostCheck
{
    private readonly RequestDelegate next;

    [Bounded("the configured names")]
    private readonly AllowedHosts? allowed;

    public HostCheck(
        RequestDelegate next, IOptions<AllowedHosts> hosts, IOptions<AuthenticationOptions> authentication, ILogger<HostCheck> logger)
    {
        this.next = next;
        if (authentication.Value.AllowAnonymous)
        {
            allowed = hosts.Value;
            Log.Checked(logger, allowed.Count == 0 ? "none" : string.Join(", ", allowed));
        }
    }

    public Task InvokeAsync(HttpContext context) =>
        allowed is null || allowed.Allow(context.Request.Host.Host) || context.Request.Path.StartsWithSegments("/health")
            ? next(context)
            : ProblemResult.InvalidRequest(new Dictionary<string, string[]>
            {
                ["Host"] =
                [
                    "no credentials are required here, so only an IP address, localhost, a name without a dot, .local, .internal, .svc and "
                    + ".cluster.local are accepted, and the names in AllowedHosts, for example AllowedHosts=gateway.example.com",
                ],
            }).ExecuteAsync(context);

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Information,
            Message = "Requests have to name an IP address, localhost, a name without a dot, .local, .internal, .svc, .cluster.local, or one of "
                + "AllowedHosts: {AllowedHosts}")]
        public static partial void Checked(ILogger logger, string allowedHosts);
    }
}
