using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Http;

/// <summary>The cache headers of answers: freshness by RFC 9111, the source by RFC 9211.</summary>
internal static class CacheHeaders
{
    /// <summary>What an answer that is made for one caller depends on.</summary>
    public const string Vary = "Accept, Authorization, X-Api-Key";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>Sets the headers. The result is true, and the status 304, if the caller already has the answer.</summary>
    public static bool Apply(this Freshness freshness, HttpContext context, string etag, DateTimeOffset now)
    {
        var left = freshness.FreshUntil - now;
        var seconds = freshness.StaleBecause is not null || left <= TimeSpan.Zero ? 0 : (long)(left < Longest ? left : Longest).TotalSeconds;
        var headers = context.Response.Headers;
        headers.CacheControl = $"private, max-age={seconds}";
        headers.Vary = Vary;
        headers.ETag = etag;
        headers["Cache-Status"] = Status(freshness, seconds);
        return context.Request.Headers.IfNoneMatch is { Count: > 0 } known && IsNotModified(context.Response, known, etag);
    }

    /// <summary>Sets the headers of a download. No cache may keep it, because it may still fail after its headers were sent.</summary>
    public static void ApplyToDownload(this Freshness freshness, IHeaderDictionary headers)
    {
        headers.CacheControl = "private, no-store";
        headers.Vary = Vary;
        headers["Cache-Status"] = Status(freshness, 0);
    }

    private static string Status(Freshness freshness, long seconds) => freshness switch
    {
        { StaleBecause.Error: var error } => $"WebSmsGateway; hit; ttl=-1; detail=\"stale: {error}\"",
        { Source: DaySource.Upstream } => $"WebSmsGateway; fwd=miss; stored; ttl={seconds}",
        { Source: DaySource.Redis } => $"WebSmsGateway; hit; ttl={seconds}; detail=redis",
        _ => $"WebSmsGateway; hit; ttl={seconds}",
    };

    private static bool IsNotModified(HttpResponse response, StringValues known, string etag)
    {
        if (!known.Any(tags => Matches(tags, etag)))
        {
            return false;
        }

        response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static bool Matches(string? tags, string etag) =>
        tags is not null
        && EntityTagHeaderValue.TryParseList([tags], out var list)
        && list.Any(
            tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(EntityTagHeaderValue.Parse(etag), useStrongComparison: false));
}
