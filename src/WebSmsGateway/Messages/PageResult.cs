using WebSmsGateway.Querying;

namespace WebSmsGateway.Messages;

/// <summary>A page as JSON.</summary>
internal sealed class PageResult(MessagePage page, CacheFacts facts, PageQuery query) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (facts.Apply(httpContext, PageTag.Of(page, query)))
        {
            return;
        }

        httpContext.Response.ContentType = $"{CachedJson.MediaType}; charset=utf-8";
        PageWriter.Write(httpContext.Response.BodyWriter, page);
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
