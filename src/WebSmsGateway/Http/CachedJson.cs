using System.IO.Hashing;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Http;

internal static class CachedJson
{
    public const string MediaType = "application/json";

    private const string ContentType = "application/json; charset=utf-8";

    /// <summary>Sends a body, or 304 to a caller that already has it.</summary>
    public static async Task SendAsync(HttpContext context, Freshness freshness, string etag, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (freshness.Apply(context, etag, now))
        {
            return;
        }

        context.Response.ContentType = ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}

/// <summary>A small answer as JSON. Its entity tag covers its bytes and the numbers that the caller may read.</summary>
/// <typeparam name="T">The type that the OpenAPI document shows for the JSON.</typeparam>
internal sealed class CachedJson<T>(ReadOnlyMemory<byte> body, Freshness freshness, string numbers) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [CachedJson.MediaType]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var hash = new XxHash64();
        hash.Append(Encoding.UTF8.GetBytes(numbers));
        hash.Append(body.Span);
        var services = httpContext.RequestServices;
        var etag = services.GetRequiredService<EntityTags>().Of(hash);
        return CachedJson.SendAsync(httpContext, freshness, etag, body, services.GetRequiredService<TimeProvider>().GetUtcNow());
    }
}
