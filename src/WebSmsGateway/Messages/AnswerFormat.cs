namespace WebSmsGateway.Messages;

/// <summary>The forms that messages are handed out in.</summary>
internal enum AnswerFormat
{
    /// <summary>A page: <c>application/json</c>.</summary>
    Json,

    /// <summary>The whole range as a table: <c>text/csv</c>.</summary>
    Csv,

    /// <summary>The whole range, one JSON object a line: <c>application/x-ndjson</c>.</summary>
    Ndjson,
}

/// <summary>Chooses the form that a caller's <c>Accept</c> prefers; JSON where it names none of ours.</summary>
internal static class AnswerFormats
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";

    public static AnswerFormat Of(HttpRequest request)
    {
        var (best, quality) = (AnswerFormat.Json, 0.0);
        foreach (var accepted in request.GetTypedHeaders().Accept)
        {
            AnswerFormat? format = accepted.MediaType.Value?.ToLowerInvariant() switch
            {
                Csv => AnswerFormat.Csv,
                Ndjson => AnswerFormat.Ndjson,
                "application/json" or "application/*" or "*/*" => AnswerFormat.Json,
                _ => null,
            };
            if (format is { } known && (accepted.Quality ?? 1) > quality)
            {
                (best, quality) = (known, accepted.Quality ?? 1);
            }
        }

        return best;
    }
}
