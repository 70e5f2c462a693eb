using Swashbuckle.AspNetCore.SwaggerUI;

namespace WebSmsGateway.OpenApi;

/// <summary>The files of Swagger UI, as its package holds them.</summary>
internal static class SwaggerFiles
{
    private const string Package = "Swashbuckle.AspNetCore.SwaggerUI.";
    private const string Distribution = Package + "node_modules.swagger_ui_dist.";

    /// <summary>Their names, such as <c>index.html</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(SwaggerUIOptions).Assembly.GetManifestResourceNames().Select(NameOf).OfType<string>().Distinct()];

    private static string? NameOf(string resource) =>
        resource.StartsWith(Distribution, StringComparison.Ordinal) ? resource[Distribution.Length..]
        : resource.StartsWith(Package, StringComparison.Ordinal) ? resource[Package.Length..]
        : null;
}
