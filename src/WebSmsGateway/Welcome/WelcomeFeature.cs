using System.Text.Json.Serialization;
using WebSmsGateway.Http;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Welcome;

/// <summary>The root: a browser is sent on to a page for people, and a program learns what there is.</summary>
internal static class WelcomeFeature
{
    private const string Html = "text/html";

    public static void MapWelcome(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], GetWelcome).ExcludeFromDescription();

    private static IResult GetWelcome(HttpContext context, EndpointDataSource endpoints)
    {
        var pages = endpoints.Endpoints.SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<StartPage>())
            .OrderBy(page => page.Order).Select(page => page.Path).Distinct().ToList();
        var headers = context.Response.Headers;
        headers.Vary = "Accept";
        headers.CacheControl = "no-cache";
        if (pages.Count > 0 && PrefersHtml(context.Request))
        {
            // Relative, so that it holds behind any prefix of a proxy too.
            headers.Location = pages[0];
            return TypedResults.StatusCode(StatusCodes.Status302Found);
        }

        var links = new Dictionary<string, string>
        {
            ["messages"] = "messages",
            ["rentedNumbers"] = "rented-numbers",
            ["openapi"] = "openapi/websms-gateway.json",
            ["problems"] = "problems",
            ["health"] = "health/ready",
        };
        pages.ForEach(page => links[page] = page);
        return TypedResults.Json(new WelcomeAnswer("WebSmsGateway", ProductVersion.Text, links), WelcomeJson.Default.WelcomeAnswer);
    }

    private static bool PrefersHtml(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return MediaPreference.For(Html, accepted).IsAbove(MediaPreference.For(CachedJson.MediaType, accepted));
    }
}

/// <summary>What stands at the root. The links are relative to it.</summary>
internal sealed record WelcomeAnswer(string Name, string Version, Dictionary<string, string> Links);

/// <summary>Source-generated JSON of the root.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WelcomeAnswer))]
internal sealed partial class WelcomeJson : JsonSerializerContext;
