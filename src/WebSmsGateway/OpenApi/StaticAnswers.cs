using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using WebSmsGateway.Http;

namespace WebSmsGateway.OpenApi;

/// <summary>
/// Answers whose bytes never change while the process runs: Swagger UI and the document. Each is made once, and everyone gets the same bytes
/// (<see cref="SharedBody"/>).
/// </summary>
internal sealed class StaticAnswers(IServiceProvider services, AnswerSender sender)
{
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
            await answer.SendAsync(context, sender);
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

    private async Task<SharedBody?> MakeAsync(HttpContext context, string path, RequestDelegate endpoint)
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
            ? new SharedBody(body.ToArray(), making.Response.ContentType ?? "application/octet-stream", making.Response.Headers.CacheControl)
            : null;
    }

    /// <summary>The place of an answer. It is made by one request at a time, and a failed attempt is not kept.</summary>
    private sealed class Entry(string path)
    {
        private volatile SharedBody? made;

        private SemaphoreSlim Making { get; } = new(1, 1);

        public async ValueTask<SharedBody?> GetAsync(Func<string, Task<SharedBody?>> make)
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
