using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>Marks the endpoints whose pages are cached.</summary>
internal sealed class PageEndpoint
{
    public static readonly PageEndpoint Mark = new();
}

/// <summary>
/// Makes the key of a page from the words of its request, in one spelling. Words that change nothing are not in it: the order and the letter
/// case of names, percent-encoding, defaults, other ways to write a moment or a number, and every <c>Accept</c> that means JSON. So nobody
/// fills the cache with one page. What is not known here keeps its own spelling: it gets a page of its own, or no page at all.
/// </summary>
internal sealed class PageWords(AccountZone zone)
{
    private const int MaxQueries = 1024;
    private const int LongestQuery = 512;

    // Reading the moments of a query takes longer than all else of a cached page. The spelling of a query never changes.
    [Bounded("1,024 queries of up to 512 characters")]
    private readonly ConcurrentDictionary<string, string> spelled = new();

    // The dictionary takes all of its locks to count.
    private int count;

    /// <summary>The key; null for a request whose answer is no page, or is not kept.</summary>
    public PageKey? KeyOf(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || context.GetEndpoint()?.Metadata.GetMetadata<PageEndpoint>() is null
            || !GetsJson(context.Request)
            || RequestCaller.Of(context) is not { Numbers: { } numbers, Caller.Fields: var fields } caller)
        {
            return null;
        }

        return WordsOf(context.Request) is { } words ? new PageKey(caller.Number, words, numbers.Fingerprint, fields) : null;
    }

    private string? WordsOf(HttpRequest request)
    {
        var text = request.QueryString.Value ?? "";
        if (spelled.TryGetValue(text, out var known))
        {
            return known;
        }

        var words = Spelled(request.Query);
        if (words is not null && text.Length <= LongestQuery
            && spelled.TryAdd(text, words) && Interlocked.Increment(ref count) > MaxQueries)
        {
            Interlocked.Exchange(ref count, 0);
            spelled.Clear();
        }

        return words;
    }

    private string? Spelled(IQueryCollection query)
    {
        var words = new List<(string Name, string Value)>(query.Count);
        foreach (var (name, values) in query)
        {
            // A repeated parameter is refused, and so may be a value that was not encoded rightly.
            if (values is not [{ } value] || value.AsSpan().IndexOfAny('%', '\uFFFD') >= 0)
            {
                return null;
            }

            var known = name.ToLowerInvariant();
            if (Spelled(known, value) is { } one)
            {
                words.Add((known, one));
            }
        }

        return Joined(words);
    }

    private static bool GetsJson(HttpRequest request) => request.Headers.Accept switch
    {
        [] or ["*/*" or CachedJson.MediaType] => true,
        _ => AnswerFormats.Of(request) == AnswerFormat.Json && AcceptableFormats.Any([CachedJson.MediaType], request.GetTypedHeaders().Accept),
    };

    /// <summary>The one spelling of a value; null for one that changes nothing.</summary>
    private string? Spelled(string name, string value) => name switch
    {
        "from" => QueryMoment.Parse(value, zone, out _) is { } from ? Ticks(from.Start) : value,
        "to" => QueryMoment.Parse(value, zone, out _) is { } to ? Ticks(to.Start) + " " + Ticks(to.End) : value,
        "order" => value.Equals("desc", StringComparison.OrdinalIgnoreCase) ? null : value.ToLowerInvariant(),
        "limit" => !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? value
            : limit == MessageQuery.DefaultLimit ? null
            : limit.ToString(CultureInfo.InvariantCulture),
        "wait" => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var wait) && wait == 0 ? null : value,
        "sender" => Sender.TryParse(value, out var sender) ? sender.ToString().ToUpperInvariant() : value,
        "contains" => value.ToUpperInvariant(),
        _ => value,
    };

    private static string Ticks(DateTimeOffset moment) => moment.UtcTicks.ToString(CultureInfo.InvariantCulture);

    // A value may have any character, so its length says where it ends.
    private static string Joined(List<(string Name, string Value)> words)
    {
        if (words.Count == 0)
        {
            return "";
        }

        words.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var text = new StringBuilder();
        foreach (var (name, value) in words)
        {
            text.Append(name).Append(' ').Append(value.Length).Append(' ').Append(value);
        }

        return text.ToString();
    }
}
