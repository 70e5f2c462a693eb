using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace WebSmsGateway.OpenApi;

/// <summary>The shared parts of the document: headers, problems with their schema, and chapters.</summary>
internal sealed class SharedParts : IDocumentFilter
{
    /// <summary>The headers of every answer to a caller.</summary>
    public static readonly string[] OfLimited = ["RateLimit", "RateLimit-Policy"];

    /// <summary>The headers of an answer that clients may cache.</summary>
    public static readonly string[] OfCached = ["ETag", "Cache-Control", "Cache-Status", .. OfLimited];

    /// <summary>The headers of an answer that may also be a download.</summary>
    public static readonly string[] OfDownload = [.. OfCached, "Content-Disposition"];

    /// <summary>The headers of an answer that is one step of a walk.</summary>
    public static readonly string[] OfStep = ["Next-Cursor", .. OfLimited];

    private static readonly (string Name, string Description, string Example)[] Described =
    [
        ("ETag", "Names this answer for this caller; send it as `If-None-Match`. Not with downloads.", "W/\"841e1763e039e050\""),
        ("Cache-Control", "How many seconds the answer cannot change: few for today, many for days gone by. Downloads: `no-store`.",
            "private, max-age=5"),
        ("Cache-Status",
            "Where the answer came from (RFC 9211): `hit`, `fwd=miss`, or with `ttl=-1` a last good answer while WEBSMS fails. "
            + "Not with downloads.",
            "WebSmsGateway; hit; ttl=5"),
        ("Content-Disposition", "Downloads only: the name to save them by.", "attachment; filename=messages.csv"),
        ("Next-Cursor", "Where to go on: `cursor` of the next call, so that no code between the two is lost. On every answer.", "c3RhcnQ"),
        ("RateLimit", "Requests left (`r`), and seconds until all are back (`t`).", "\"default\";r=599;t=1"),
        ("RateLimit-Policy", "Requests (`q`) in a window of seconds (`w`).", "\"default\";q=600;w=60"),
        ("Retry-After", "Seconds to wait before trying again.", "5"),
        ("WWW-Authenticate", "The credentials that are accepted.", "ApiKey realm=\"WebSmsGateway\""),
    ];

    public static Dictionary<string, IOpenApiHeader> Headers(OpenApiDocument document, params IEnumerable<string> names) =>
        names.ToDictionary(name => name, IOpenApiHeader (name) => new OpenApiHeaderReference(name, document));

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        document.Tags = ApiTags.For(document.Paths.Keys);
        var components = document.Components ??= new OpenApiComponents();
        components.Responses = Problems.Responses(context, document);
        components.Headers = Described.ToDictionary(header => header.Name, IOpenApiHeader (header) => new OpenApiHeader
        {
            Description = header.Description,
            Schema = new OpenApiSchema { Type = header.Name == "Retry-After" ? JsonSchemaType.Integer : JsonSchemaType.String },
            Example = header.Name == "Retry-After" ? JsonNode.Parse(header.Example) : JsonValue.Create(header.Example),
        });
    }
}
