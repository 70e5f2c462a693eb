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
    public static Task SendAsync(
        HttpContext context, AnswerSender sender, Freshness freshness, string etag, ReadOnlyMemory<byte> body, DateTimeOffset now) =>
        Begin(context, freshness, etag, now) ? sender.SendAsync(context, body) : Task.CompletedTask;

    /// <summary>Sets the headers. The result is false for a caller that already has the answer, so that no body follows.</summary>
    public static bool Begin(HttpContext context, Freshness freshness, string etag, DateTimeOffset now)
    {
        if (freshness.Apply(context, etag, now))
        {
            return false;
        }

        context.Response.ContentType = ContentType;
        return true;
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
        return CachedJson.SendAsync(
            httpContext, services.GetRequiredService<AnswerSender>(), freshness, etag, body, services.GetRequiredService<TimeProvider>().GetUtcNow());
    }
}
