using System.Globalization;
using System.Text.RegularExpressions;

namespace WebSmsGateway.Configuration;

/// <summary>
/// The text of a duration: <c>[d.]hh:mm:ss</c>. The framework also reads shorter forms, and some of them not as they are meant: <c>48:00:00</c>
/// and <c>2</c> are days to it. Such a text is refused with both readings.
/// </summary>
internal static partial class DurationText
{
    /// <summary>What is wrong with a text, with the example of an accepted one; null if nothing is wrong.</summary>
    public static string? FaultOf(string text, TimeSpan example)
    {
        text = text.Trim();
        if (Shape().IsMatch(text) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            return null;
        }

        var ambiguous = Ambiguous().Match(text);
        return ambiguous.Success && Readings(ambiguous) is { } readings ? readings : $"is no duration; write [d.]hh:mm:ss, for example {example:c}";
    }

    private static string? Readings(Match match)
    {
        if (!int.TryParse(match.Groups["first"].ValueSpan, out var first) || first > 9999)
        {
            return null;
        }

        var second = match.Groups["second"].Success ? int.Parse(match.Groups["second"].ValueSpan) : (int?)null;
        var third = match.Groups["third"].Success ? int.Parse(match.Groups["third"].ValueSpan) : (int?)null;
        return (second, third) switch
        {
            (null, _) => $"could be seconds or days; write {TimeSpan.FromSeconds(first):c} for {first} s or {TimeSpan.FromDays(first):c} for "
                + $"{first} days",
            ({ } minutes, null) => $"could be hours and minutes or minutes and seconds; write {new TimeSpan(first, minutes, 0):c} or "
                + $"{new TimeSpan(0, first, minutes):c}",
            ({ } minutes and > 23, { } seconds) => $"has more than 23 hours; write {new TimeSpan(first, minutes, seconds):c}",
            ({ } minutes, { } seconds) =>
                $"could be {first} hours or {first} days; write {new TimeSpan(first, minutes, seconds):c} or "
                + $"{new TimeSpan(first, minutes, seconds, 0):c}",
        };
    }

    [GeneratedRegex(@"^-?([0-9]{1,8}\.)?([01]?[0-9]|2[0-3]):[0-5]?[0-9]:[0-5]?[0-9](\.[0-9]{1,7})?\z")]
    private static partial Regex Shape();

    [GeneratedRegex(@"^(?<first>[0-9]{1,8})(:(?<second>[0-5]?[0-9])(:(?<third>[0-5]?[0-9]))?)?\z")]
    private static partial Regex Ambiguous();
}
