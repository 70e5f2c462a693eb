using System.Globalization;
using System.Text.RegularExpressions;
using WebSmsGateway.Model;

namespace WebSmsGateway.Http;

/// <summary>Reads <c>from</c> and <c>to</c>: RFC 3339, a local date-time in the account's zone, or a date there.</summary>
internal static partial class QueryTime
{
    // At both ends of time a local day has no moment to begin or end with.
    private const int FirstYear = 1900;
    private const int LastYear = 9990;

    /// <summary>What is accepted, in the words of a refusal.</summary>
    /// <param name="text">What was written instead.</param>
    public static string Accepted(string text) =>
        FaultOf(Shape().Match(text))
        + "; accepted are a date (2026-03-11), a local date-time in the account's time zone (2026-03-11T12:09:01), or one with an offset "
        + "(2026-03-11T12:09:01+03:00, where + is written %2B in a URL)";

    private static string FaultOf(Match match) =>
        !match.Success ? "cannot be read"
        : int.Parse(match.Groups["date"].ValueSpan[..4]) is < FirstYear or > LastYear ? $"lies outside the years {FirstYear} to {LastYear}"
        : "is a date or time that does not exist";

    /// <summary>Reads a moment.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">Decides what a local time means.</param>
    /// <param name="isEnd">Whether a bare date means the end of that day and not its start.</param>
    /// <param name="moment">The moment.</param>
    public static bool TryParse(string text, AccountZone zone, bool isEnd, out DateTimeOffset moment)
    {
        moment = default;
        var match = Shape().Match(text);
        if (!match.Success || !DateOnly.TryParseExact(match.Groups["date"].ValueSpan, "yyyy-MM-dd", out var date)
            || date.Year is < FirstYear or > LastYear)
        {
            return false;
        }

        if (!match.Groups["time"].Success)
        {
            moment = isEnd ? zone.EndOf(date) : zone.StartOf(date);
            return true;
        }

        if (!TimeOnly.TryParse(match.Groups["time"].ValueSpan, CultureInfo.InvariantCulture, out var time))
        {
            return false;
        }

        var local = date.ToDateTime(time);
        var offset = match.Groups["offset"].Value;
        if (offset.Length == 0)
        {
            moment = zone.ToInstant(local);
            return true;
        }

        if (offset is "Z" or "z")
        {
            moment = new DateTimeOffset(local, TimeSpan.Zero);
            return true;
        }

        // A plus that a URL did not encode arrives as a space.
        if (!TimeSpan.TryParseExact(offset.AsSpan(1), @"hh\:mm", CultureInfo.InvariantCulture, out var span)
            || span > TimeSpan.FromHours(14))
        {
            return false;
        }

        moment = new DateTimeOffset(local, offset[0] == '-' ? -span : span);
        return true;
    }

    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
        + @"([Tt ](?<time>[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?)((?<=\.[0-9]{7})[0-9]+)?"
        + @"(?<offset>[Zz]|[+\- ][0-9]{2}:[0-9]{2})?)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
