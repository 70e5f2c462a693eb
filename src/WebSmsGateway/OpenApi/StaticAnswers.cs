using System.Collections.Frozen;
using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using WebSmsGateway.Http;

namespace WebSmsGateway.OpenApi;

/// <summary>
/// Answers whose bytes never change while the process runs: Swagger UI and the document. Each is made once, compressed once and sent to
/// everyone from the same bytes. So a caller who does not read it costs the buffers of its connection and no copy of the answer.
/// </summary>
internal sealed class StaticAnswers(IServiceProvider services, AnswerSender sender)
{
    private const int WorthCompressing = 1024;
    private const string Root = "/swagger";
    private static readonly TimeSpan MakingTimeout = TimeSpan.FromSeconds(30);

    // The list is closed, so it bounds what is kept. Routing knows no letter case, so an answer has one place however its path is written.
    private readonly FrozenDictionary<string, Entry> answers = SwaggerFiles.Names.Select(name => $"{Root}/{name}").Append(ApiDocument.Path)
        .ToFrozenDictionary(path => path, path => new Entry(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers a request. The first one of each path makes the answer by calling the endpoint.</summary>
    public async Task SendAsync(HttpContext context, RequestDelegate endpoint)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Get;
            return;
        }

        var path = context.Request.Path.Value!;
        if (answers.TryGetValue(path, out var entry) && await entry.GetAsync(canonical => MakeAsync(context, canonical, endpoint)) is { } answer)
        {
            await SendAsync(context, answer);
        }
        else if (path.TrimEnd('/').Equals(Root, StringComparison.OrdinalIgnoreCase))
        {
            // It sends the browser on to the page.
            await endpoint(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task SendAsync(HttpContext context, StaticAnswer answer)
    {
        var isGzip = answer.Compressed is not null && AcceptsGzip(context.Request);
        var etag = isGzip ? answer.CompressedTag : answer.Tag;
        var body = isGzip ? answer.Compressed! : answer.Body;
        var headers = context.Response.Headers;
        headers.CacheControl = answer.CacheControl;
        headers.ETag = etag;
        headers.Vary = HeaderNames.AcceptEncoding;
        if (IsKnown(context.Request.Headers.IfNoneMatch, etag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = body.Length;
        if (isGzip)
        {
            headers.ContentEncoding = "gzip";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await sender.Begin(context).WriteAsync(body);
        }
    }

    private async Task<StaticAnswer?> MakeAsync(HttpContext context, string path, RequestDelegate endpoint)
    {
        await using var scope = services.CreateAsyncScope();
        using var body = new MemoryStream();
        var making = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        making.SetEndpoint(context.GetEndpoint());
        making.Request.Method = HttpMethods.Get;
        making.Request.Path = path;
        making.Request.RouteValues = context.Request.RouteValues;
        making.Response.Body = body;
        await endpoint(making);
        return making.Response.StatusCode == StatusCodes.Status200OK && StringValues.IsNullOrEmpty(making.Response.Headers.ContentEncoding)
            ? Of(making.Response, body.ToArray())
            : null;
    }

    private static StaticAnswer Of(HttpResponse made, byte[] body)
    {
        var compressed = body.Length < WorthCompressing ? null : Compress(body);
        var hash = XxHash64.HashToUInt64(body);
        return new StaticAnswer(
            made.ContentType ?? "application/octet-stream", made.Headers.CacheControl, body, $"\"{hash:x16}\"",
            compressed?.Length < body.Length ? compressed : null, $"\"{hash:x16}-gzip\"");
    }

    private static byte[] Compress(byte[] body)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.SmallestSize))
        {
            gzip.Write(body);
        }

        return target.ToArray();
    }

    private static bool AcceptsGzip(HttpRequest request)
    {
        foreach (var coding in request.GetTypedHeaders().AcceptEncoding)
        {
            if (coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return coding.Quality is not 0;
            }
        }

        return false;
    }

    private static bool IsKnown(StringValues tags, string etag) =>
        tags.Count > 0
        && EntityTagHeaderValue.TryParseList(tags, out var list)
        && list.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(EntityTagHeaderValue.Parse(etag), useStrongComparison: false));

    private sealed record StaticAnswer(
        string ContentType, string? CacheControl, byte[] Body, string Tag, byte[]? Compressed, string CompressedTag);

    /// <summary>The place of an answer. It is made by one request at a time, and a failed attempt is not kept.</summary>
    private sealed class Entry(string path)
    {
        private volatile StaticAnswer? made;

        private SemaphoreSlim Making { get; } = new(1, 1);

        public async ValueTask<StaticAnswer?> GetAsync(Func<string, Task<StaticAnswer?>> make)
        {
            if (made is { } ready)
            {
                return ready;
            }

            // Whoever waits too long gets no answer: it may be asked for again.
            if (!await Making.WaitAsync(MakingTimeout, CancellationToken.None))
            {
                return null;
            }

            try
            {
                return made ??= await make(path);
            }
            finally
            {
                Making.Release();
            }
        }
    }
}
