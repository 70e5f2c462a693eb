using Microsoft.OpenApi;

namespace WebSmsGateway.OpenApi;

/// <summary>A chapter of the document.</summary>
internal sealed record ApiTag(int Order, string Name, string Description);

/// <summary>Assigns paths to chapters.</summary>
internal static class ApiTags
{
    private static readonly (string Prefix, ApiTag Tag)[] Chapters =
    [
        ("/rented-numbers/{number}/", new(1, "Messages of a number", "What one rented number received.")),
        ("/rented-numbers", new(0, "Rented numbers", "The numbers that the caller may read.")),
        ("/messages", new(2, "Messages", "What all numbers that the caller may read received, in one order.")),
        ("/tickets", new(3, "Tickets", "Short-lived credentials for browsers.")),
        ("/webhooks", new(4, "Webhooks", "The caller's webhooks: how they fare, and orders to them. What a receiver gets is under `x-webhooks`.")),
        ("/health", new(5, "Health", "For orchestrators and monitoring: no credentials needed.")),
    ];

    private static readonly ApiTag Other = new(6, "Other", "Everything else.");

    public static ApiTag Of(string path) =>
        Array.Find(Chapters, chapter => path.StartsWith(chapter.Prefix, StringComparison.Ordinal)).Tag ?? Other;

    /// <summary>The chapters of these paths, in reading order.</summary>
    public static ISet<OpenApiTag> For(IEnumerable<string> paths) => new HashSet<OpenApiTag>(
        paths.Select(Of).Distinct().OrderBy(tag => tag.Order).Select(
            tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
}
