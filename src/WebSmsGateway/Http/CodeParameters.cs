using WebSmsGateway.Model;
using WebSmsGateway.Model.Codes;

namespace WebSmsGateway.Http;

/// <summary>Reads the parameters that concern one-time codes.</summary>
internal static class CodeParameters
{
    /// <summary>Reads <c>hasCode</c>; null where messages without a code are asked for, too.</summary>
    public static CodeFilter? HasCode(this QueryReading reading, string? text)
    {
        var isAsked = "true".Equals(text, StringComparison.OrdinalIgnoreCase);
        if (text is not null && !isAsked && !"false".Equals(text, StringComparison.OrdinalIgnoreCase))
        {
            reading.Fault("HasCode", "accepted are true (only messages with a one-time code) and false");
        }

        return isAsked ? CodeFilter.Any : null;
    }

    /// <summary>Reads <c>match</c> and <c>confidence</c>.</summary>
    public static CodeFilter Code(this QueryReading reading, string? match, string? confidence)
    {
        var isHigh = "high".Equals(confidence, StringComparison.OrdinalIgnoreCase);
        if (confidence is not null && (!isHigh || match is not null))
        {
            reading.Fault("Confidence", isHigh
                ? "does not go with match: only the rule for codes knows how certain it is"
                : "accepted is high (codes that a word in their own sentence names, or an origin); leave it out for all");
        }

        return match is null
            ? new CodeFilter(isHigh ? CodeConfidence.High : CodeConfidence.Medium)
            : new CodeFilter(CodeConfidence.Medium, reading.Pattern(match));
    }

    private static CodePattern? Pattern(this QueryReading reading, string match)
    {
        if (!reading.MayReadTexts)
        {
            // With patterns a text could be found letter by letter.
            reading.Fault("Match", "is not for this key: it reads codes and no texts");
            return null;
        }

        if (CodePattern.Parse(match, out var fault) is { } pattern)
        {
            return pattern;
        }

        reading.Fault("Match", fault);
        return null;
    }
}
