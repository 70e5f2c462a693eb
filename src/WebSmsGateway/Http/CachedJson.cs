using System.IO.Hashing;
using System.Text;
using WebSmsGateway.Archive;

namespace WebSmsGateway.Http;

/// <summary>A small answer as JSON, with a tag over its bytes and the view of the caller that it was made for.</summary>
internal sealed class CachedJson(byte[] body, Freshness freshness, string view) : IResult
{
    public const string MediaType = "application/json";
    public const string ContentType = "application/json; charset=utf-8";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var hash = new XxHash64();
        hash.Append(Encoding.UTF8.GetBytes(view));
        hash.Append(body);
        if (freshness.Apply(httpContext, $"W/\"{hash.GetCurrentHashAsUInt64():x16}\""))
        {
            return;
        }

        httpContext.Response.ContentType = ContentType;
        httpContext.Response.ContentLength = body.Length;
        await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
