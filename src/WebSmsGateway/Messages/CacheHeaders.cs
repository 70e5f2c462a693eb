using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Microsoft.Net.Http.Headers;
using WebSmsGateway.Caching;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>What an answer says about its caching: RFC 9111, and RFC 9211 for where it came from.</summary>
internal static class CacheHeaders
{
    /// <summary>Sets the headers and says whether the caller already has the answer, so that 304 is all to send.</summary>
    public static bool Apply(HttpContext context, PageReading reading, string etag, DateTimeOffset now)
    {
        var headers = context.Response.Headers;
        var seconds = reading.StaleBecause is not null || reading.FreshUntil <= now
            ? 0
            : (long)Math.Min((reading.FreshUntil - now).TotalSeconds, TimeSpan.FromDays(365).TotalSeconds);
        headers.CacheControl = $"private, max-age={seconds}";
        headers.Vary = "Accept, Authorization, X-Api-Key";
        headers.ETag = etag;
        headers["Cache-Status"] = StatusOf(reading, seconds);
        if (!context.Request.Headers.IfNoneMatch.Any(tags => Matches(tags, etag)))
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>
    /// A weak tag over what a page says. <c>completeUntil</c> is left out: it moves with every question to WEBSMS, and a caller
    /// that is told "not modified" loses nothing by the earlier bound.
    /// </summary>
    public static string TagOf(MessagePage page, PageQuery query, string mediaType)
    {
        var hash = new XxHash64();
        Append(hash, mediaType);
        Append(hash, query.View.Fingerprint);
        Append(hash, page.NextCursor);
        Append(hash, page.Stale ? "stale" : "fresh");
        foreach (var problem in page.Problems)
        {
            Append(hash, $"{problem.Day:O} {problem.Position} {problem.Reason}");
        }

        foreach (var message in page.Items)
        {
            Append(hash, message);
        }

        return $"W/\"{hash.GetCurrentHashAsUInt64():x16}\"";
    }

    /// <summary>A weak tag of one message.</summary>
    public static string TagOf(Message message, PageQuery query)
    {
        var hash = new XxHash64();
        Append(hash, query.View.Fingerprint);
        Append(hash, message);
        return $"W/\"{hash.GetCurrentHashAsUInt64():x16}\"";
    }

    private static string StatusOf(PageReading reading, long seconds) => reading switch
    {
        { StaleBecause.Error: var error } => $"WebSmsGateway; hit; ttl=-1; detail=stale-{Kebab(error)}",
        { Source: SegmentSource.Upstream } => $"WebSmsGateway; fwd=miss; stored; ttl={seconds}",
        { Source: SegmentSource.Redis } => $"WebSmsGateway; hit; ttl={seconds}; detail=redis",
        _ => $"WebSmsGateway; hit; ttl={seconds}",
    };

    private static string Kebab(UpstreamError error) =>
        string.Concat(error.ToString().Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(letter) : $"{letter}"));

    private static bool Matches(string? tags, string etag) =>
        tags is not null
        && EntityTagHeaderValue.TryParseList([tags], out var list)
        && list.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(EntityTagHeaderValue.Parse(etag), useStrongComparison: false));

    private static void Append(XxHash64 hash, Message message)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, message.Position.Hash);
        hash.Append(bytes);
    }

    private static void Append(XxHash64 hash, string? text)
    {
        hash.Append(Encoding.UTF8.GetBytes(text ?? ""));
        hash.Append([0]);
    }
}
