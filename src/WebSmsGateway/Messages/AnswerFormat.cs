using Microsoft.Net.Http.Headers;
using WebSmsGateway.Http;

namespace WebSmsGateway.Messages;

/// <summary>The formats of an answer with messages.</summary>
internal enum AnswerFormat
{
    /// <summary>A page: <c>application/json</c>.</summary>
    Json,
    /// <summary>The whole range as a table: <c>text/csv</c>.</summary>
    Csv,
    /// <summary>The whole range, one JSON object a line: <c>application/x-ndjson</c>.</summary>
    Ndjson,
}

/// <summary>Chooses the format that a caller's <c>Accept</c> prefers. JSON is the default.</summary>
internal static class AnswerFormats
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";

    private static readonly (AnswerFormat Format, string Type)[] Offered =
        [(AnswerFormat.Json, CachedJson.MediaType), (AnswerFormat.Csv, Csv), (AnswerFormat.Ndjson, Ndjson)];

    public static AnswerFormat Of(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var (best, bestQuality, bestPrecision, bestPlace) = (AnswerFormat.Json, 0.0, 0, 0);
        foreach (var (format, type) in Offered)
        {
            var (quality, precision, place) = PreferenceFor(type, accepted);

            // Of types with equal quality, a named type is preferred to one that a wildcard covers, then the type that is named first.
            if (quality > bestQuality
                || (quality > 0 && quality == bestQuality
                    && (precision > bestPrecision || (precision == bestPrecision && place < bestPlace))))
            {
                (best, bestQuality, bestPrecision, bestPlace) = (format, quality, precision, place);
            }
        }

        return best;
    }

    /// <summary>The preference for a media type, from the most precise range that covers it (RFC 9110, 12.5.1).</summary>
    private static (double Quality, int Precision, int Place) PreferenceFor(string type, IList<MediaTypeHeaderValue> accepted)
    {
        var (quality, precision, place) = (0.0, 0, 0);
        for (var i = 0; i < accepted.Count; i++)
        {
            var range = accepted[i];
            var covers = range.MatchesAllTypes ? 1
                : range.MatchesAllSubTypes
                    && type.AsSpan(0, type.IndexOf('/', StringComparison.Ordinal)).Equals(range.Type, StringComparison.OrdinalIgnoreCase)
                    ? 2
                : range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) ? 3
                : 0;
            if (covers > precision)
            {
                (quality, precision, place) = (range.Quality ?? 1, covers, i);
            }
        }

        return (quality, precision, place);
    }
}
