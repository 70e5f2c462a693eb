using WebSmsGateway.Caching;

namespace WebSmsGateway.Messages;

/// <summary>A page as JSON.</summary>
internal sealed class PageResult(PageReading reading, PageQuery query) : IResult
{
    public const string MediaType = "application/json";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var page = reading.Page!;
        var clock = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        if (CacheHeaders.Apply(httpContext, reading, CacheHeaders.TagOf(page, query, MediaType), clock.GetUtcNow()))
        {
            return;
        }

        httpContext.Response.ContentType = "application/json; charset=utf-8";
        PageWriter.Write(httpContext.Response.BodyWriter, page);
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}

/// <summary>One message as JSON.</summary>
internal sealed class MessageResult(Message message, PageReading reading, PageQuery query) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var clock = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        if (CacheHeaders.Apply(httpContext, reading, CacheHeaders.TagOf(message, query), clock.GetUtcNow()))
        {
            return;
        }

        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = message.Json.Length;
        await httpContext.Response.Body.WriteAsync(message.Json, httpContext.RequestAborted);
    }
}
