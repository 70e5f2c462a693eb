using System.Globalization;
using System.Text.RegularExpressions;
using WebSmsGateway.Model;

namespace WebSmsGateway.Http;

/// <summary>
/// A value of <c>from</c> or <c>to</c>: RFC 3339, a local date-time in the account's zone, or a local date, which means the whole day.
/// </summary>
/// <param name="Start">The moment, the earlier one of a local time that came twice, or the start of the day.</param>
/// <param name="End">The moment, the later one of a local time that came twice, or the end of the day.</param>
internal readonly partial record struct QueryMoment(DateTimeOffset Start, DateTimeOffset End)
{
    // DateTimeOffset cannot hold the start or end of local days near its own limits.
    private const int FirstYear = 1900;
    private const int LastYear = 9990;

    private const string Accepted =
        "; accepted are a date (2026-03-11), a local date-time in the account's time zone (2026-03-11T12:09:01), or one with an offset "
        + "(2026-03-11T12:09:01+03:00, where + is written %2B in a URL)";

    private const string NotExisting = "is a date or time that does not exist" + Accepted;

    /// <summary>Reads a moment. Otherwise <paramref name="fault"/> says what is wrong and what is accepted.</summary>
    public static QueryMoment? Parse(string text, AccountZone zone, out string? fault)
    {
        var match = Shape().Match(text);
        fault = !match.Success ? "cannot be read" + Accepted
            : int.Parse(match.Groups["date"].ValueSpan[..4]) is < FirstYear or > LastYear
                ? $"lies outside the years {FirstYear} to {LastYear}{Accepted}"
            : null;
        if (fault is not null)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(match.Groups["date"].ValueSpan, "yyyy-MM-dd", out var date))
        {
            fault = NotExisting;
            return null;
        }

        if (!match.Groups["time"].Success)
        {
            return new QueryMoment(zone.StartOf(date), zone.EndOf(date));
        }

        var moment = TimeOnly.TryParse(match.Groups["time"].ValueSpan, CultureInfo.InvariantCulture, out var time)
            ? WithOffset(date.ToDateTime(time), match.Groups["offset"].Value, zone)
            : null;
        fault = moment is null ? NotExisting : null;
        return moment;
    }

    private static QueryMoment? WithOffset(DateTime local, string offset, AccountZone zone)
    {
        if (offset.Length == 0)
        {
            var (first, last) = zone.MomentsOf(local);
            return new QueryMoment(first, last);
        }

        if (offset is "Z" or "z")
        {
            return At(new DateTimeOffset(local, TimeSpan.Zero));
        }

        // A plus that the URL did not encode arrives as a space.
        return TimeSpan.TryParseExact(offset.AsSpan(1), @"hh\:mm", CultureInfo.InvariantCulture, out var span)
            && span <= TimeSpan.FromHours(14) ? At(new DateTimeOffset(local, offset[0] == '-' ? -span : span)) : null;
    }

    private static QueryMoment At(DateTimeOffset moment) => new(moment, moment);

    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
        + @"([Tt ](?<time>[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?)((?<=\.[0-9]{7})[0-9]+)?"
        + @"(?<offset>[Zz]|[+\- ][0-9]{2}:[0-9]{2})?)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
