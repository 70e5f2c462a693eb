using System.Buffers;
using WebSmsGateway.Http;

namespace WebSmsGateway.Messages;

/// <summary>A page as JSON.</summary>
internal sealed class PageResult(PageReading reading, PageQuery query, CachedPages cachedPages) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var page = reading.Page!;
        var etag = PageTag.Of(page, query);
        var buffer = new ArrayBufferWriter<byte>(4096);
        PageWriter.Write(buffer, page);
        cachedPages.Keep(httpContext, query, reading, buffer.WrittenMemory.ToArray(), etag);
        if (reading.CacheHeaders.Apply(httpContext, etag))
        {
            return;
        }

        httpContext.Response.ContentType = CachedJson.ContentType;
        httpContext.Response.ContentLength = buffer.WrittenCount;
        await httpContext.Response.Body.WriteAsync(buffer.WrittenMemory, httpContext.RequestAborted);
    }
}
