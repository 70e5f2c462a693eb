using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Authentication;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>Every endpoint of the gateway is behind the guard, except for the few public ones.</summary>
public sealed class GuardedEndpointsTests
{
    private static readonly string[] PublicPaths = ["/problems", "/health", "/openapi", "/swagger"];

    [Fact]
    public async Task EveryEndpoint_OfTheGateway_IsBehindTheGuardOrPublicOnPurpose()
    {
        await using var app = GatewayApplication.Create([]);

        Assert.Empty(UnguardedOf(app));
    }

    [Fact]
    public async Task UnguardedEndpoint_PlantedIntoTheGateway_IsFound()
    {
        await using var app = GatewayApplication.Create([]);
        app.MapGet("/messages/planted", () => "texts for everyone");
        app.MapGet("/healthy-looking/messages", () => "texts for everyone");
        app.MapGroup("/guarded").RequireCaller().MapGet("/messages", () => "texts for callers");

        Assert.Equal(["/healthy-looking/messages", "/messages/planted"], UnguardedOf(app).Order(StringComparer.Ordinal));
    }

    private static List<string> UnguardedOf(WebApplication app) =>
    [
        .. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<CallerRequired>() is null)
            .Select(endpoint => (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? endpoint.DisplayName ?? "?")
            .Where(path => path != "/" && !PublicPaths.Any(open => new PathString(Rooted(path)).StartsWithSegments(open, StringComparison.Ordinal))),
    ];

    private static string Rooted(string path) => path.StartsWith('/') ? path : "/" + path;
}
