using Microsoft.Net.Http.Headers;

namespace WebSmsGateway.Http;

/// <summary>How much a caller's <c>Accept</c> prefers a media type (RFC 9110, 12.5.1). Greater is preferred.</summary>
/// <param name="Quality">The weight, 0 to 1; 0 refuses the type.</param>
/// <param name="Precision">How precisely the header names the type: 3 by its name, 2 by <c>text/*</c>, 1 by <c>*/*</c>, 0 not at all.</param>
/// <param name="Place">The place in the header, from 0.</param>
internal readonly record struct MediaPreference(double Quality, int Precision, int Place)
{
    /// <summary>The preference for a media type, from the most precise range that covers it.</summary>
    public static MediaPreference For(string type, IList<MediaTypeHeaderValue> accepted)
    {
        var preference = default(MediaPreference);
        for (var i = 0; i < accepted.Count; i++)
        {
            var range = accepted[i];
            var covers = range.MatchesAllTypes ? 1
                : range.MatchesAllSubTypes
                    && type.AsSpan(0, type.IndexOf('/', StringComparison.Ordinal)).Equals(range.Type, StringComparison.OrdinalIgnoreCase)
                    ? 2
                : range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) ? 3
                : 0;
            if (covers > preference.Precision)
            {
                preference = new MediaPreference(range.Quality ?? 1, covers, i);
            }
        }

        return preference;
    }

    /// <summary>
    /// Of types with equal quality, a named type is preferred to one that a wildcard covers, then the type that is named first.
    /// </summary>
    public bool IsAbove(MediaPreference other) =>
        Quality > other.Quality
        || (Quality > 0 && Quality == other.Quality
            && (Precision > other.Precision || (Precision == other.Precision && Place < other.Place)));
}
