using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WebSmsGateway.Http;

/// <summary>
/// The body of an answer that never changes while the process runs, such as a file of a page. It is compressed once in each coding, when a
/// caller first takes it, and it is sent to everyone from the same bytes, in slices. So a caller who does not read it costs the buffers of its
/// connection and no copy of the body.
/// </summary>
internal sealed class SharedBody
{
    private const string Brotli = "br";
    private const string Gzip = "gzip";

    // The best compression with Brotli takes the processor for a second for each megabyte or so.
    private const int MostForBrotli = 256 * 1024;

    private readonly string mediaType;
    private readonly string? cacheControl;
    private readonly Form plain;
    private readonly Lazy<Task<Form>>? brotli;
    private readonly Lazy<Task<Form>> gzip;

    /// <param name="bytes">The bytes. They belong to this object from here on.</param>
    /// <param name="mediaType">The <c>Content-Type</c>.</param>
    /// <param name="cacheControl">The <c>Cache-Control</c>; null for none.</param>
    public SharedBody(byte[] bytes, string mediaType, string? cacheControl)
    {
        (this.mediaType, this.cacheControl) = (mediaType, cacheControl);
        plain = new Form(null, bytes, TagOf(bytes, null));
        gzip = Compressed(Gzip, target => new GZipStream(target, CompressionLevel.SmallestSize));
        brotli = bytes.Length > MostForBrotli ? null : Compressed(Brotli, target => new BrotliStream(target, CompressionLevel.SmallestSize));
    }

    /// <summary>Sends the body in the smallest form that the caller takes. A caller that has this form already gets 304.</summary>
    public async Task SendAsync(HttpContext context, AnswerSender sender)
    {
        var form = await FormFor(context.Request.Headers.AcceptEncoding).WaitAsync(context.RequestAborted);
        var headers = context.Response.Headers;
        headers.ETag = form.Tag;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = cacheControl;
        if (IsKnown(context.Request.Headers.IfNoneMatch, form.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        headers.ContentEncoding = form.Coding;
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = form.Bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await sender.Begin(context).WriteAsync(form.Bytes);
        }
    }

    private Task<Form> FormFor(StringValues acceptEncoding)
    {
        var accepted = StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var list) ? list : [];
        return brotli is not null && Takes(Brotli) ? brotli.Value : Takes(Gzip) ? gzip.Value : Task.FromResult(plain);

        bool Takes(string coding) =>
            accepted.Any(item => item.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && item.Quality is not 0.0);
    }

    // Callers that come meanwhile wait for the same task and hold no thread.
    private Lazy<Task<Form>> Compressed(string coding, Func<Stream, Stream> compress) => new(() => Task.Run(() =>
    {
        using var target = new MemoryStream();
        using (var source = compress(target))
        {
            source.Write(plain.Bytes);
        }

        var packed = target.ToArray();
        return packed.Length < plain.Bytes.Length ? new Form(coding, packed, TagOf(plain.Bytes, coding)) : plain;
    }));

    private static bool IsKnown(StringValues tags, string tag) =>
        tags.Count > 0
        && EntityTagHeaderValue.TryParseList(tags, out var list)
        && list.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(EntityTagHeaderValue.Parse(tag), useStrongComparison: false));

    private static string TagOf(byte[] bytes, string? coding) => $"\"{XxHash64.HashToUInt64(bytes):x16}{(coding is null ? "" : "-")}{coding}\"";

    /// <summary>One form of the body.</summary>
    /// <param name="Coding">Its <c>Content-Encoding</c>; null for none.</param>
    /// <param name="Bytes">What is sent.</param>
    /// <param name="Tag">Its entity tag, which differs from those of other forms.</param>
    private sealed record Form(string? Coding, byte[] Bytes, string Tag);
}
