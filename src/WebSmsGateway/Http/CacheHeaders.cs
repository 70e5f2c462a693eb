using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using WebSmsGateway.Archive;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Http;

/// <summary>What an answer says about its caching: RFC 9111, and RFC 9211 for where it came from.</summary>
/// <param name="FreshUntil">Until when the answer cannot change.</param>
/// <param name="StaleBecause">Why the last good answer stands in for a fresh one.</param>
/// <param name="Source">The farthest tier that had to be asked.</param>
internal readonly record struct CacheHeaders(DateTimeOffset FreshUntil, UpstreamFailure? StaleBecause, DaySource Source)
{
    private const string Vary = "Accept, Authorization, X-Api-Key";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static CacheHeaders Of(ArchiveRead read) => new(read.FreshUntil, read.StaleBecause, read.Source);

    /// <summary>The cacheHeaders of two reads that make one answer.</summary>
    public CacheHeaders With(CacheHeaders other) => new(
        other.FreshUntil < FreshUntil ? other.FreshUntil : FreshUntil,
        StaleBecause ?? other.StaleBecause,
        other.Source > Source ? other.Source : Source);

    /// <summary>Sets the headers, and says whether the caller already has the answer, so that 304 is all to send.</summary>
    public bool Apply(HttpContext context, string etag) =>
        Apply(context, etag, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());

    /// <summary>Sets the headers, and says whether the caller already has the answer, so that 304 is all to send.</summary>
    public bool Apply(HttpContext context, string etag, DateTimeOffset now)
    {
        var left = FreshUntil - now;
        var seconds = StaleBecause is not null || left <= TimeSpan.Zero ? 0 : (long)(left < Longest ? left : Longest).TotalSeconds;
        var headers = context.Response.Headers;
        headers.CacheControl = $"private, max-age={seconds}";
        headers.Vary = Vary;
        headers.ETag = etag;
        headers["Cache-Status"] = Status(seconds);
        return context.Request.Headers.IfNoneMatch is { Count: > 0 } known && IsNotModified(context.Response, known, etag);
    }

    /// <summary>Sets the headers of a download, which no cache keeps: its end is not known at its beginning.</summary>
    public void ApplyToDownload(IHeaderDictionary headers)
    {
        headers.CacheControl = "private, no-store";
        headers.Vary = Vary;
        headers["Cache-Status"] = Status(0);
    }

    private string Status(long seconds) => this switch
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
