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
        var (best, bestPreference) = (AnswerFormat.Json, default(MediaPreference));
        foreach (var (format, type) in Offered)
        {
            var preference = MediaPreference.For(type, accepted);
            if (preference.IsAbove(bestPreference))
            {
                (best, bestPreference) = (format, preference);
            }
        }

        return best;
    }
}
