using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSmsGateway.Model.Codes;

/// <summary>How certain a one-time code is.</summary>
[JsonConverter(typeof(TextOfConfidence))]
internal enum CodeConfidence
{
    /// <summary>Named by a keyword in its own sentence, or bound to an origin.</summary>
    High,

    /// <summary>Named from the next sentence, or only by what surrounds it.</summary>
    Medium,
}

/// <summary>Writes confidences by name: <c>high</c>.</summary>
internal sealed class TextOfConfidence() : JsonStringEnumConverter<CodeConfidence>(JsonNamingPolicy.CamelCase);

/// <summary>The one-time code of a text.</summary>
/// <param name="Value">What a person would type: digits of any script as ASCII, without spaces, dashes and invisible signs inside.</param>
/// <param name="Confidence">How certain it is.</param>
/// <param name="Origin">The host of an origin-bound code (<c>@example.com #123456</c>).</param>
[ImmutableObject(true)]
internal sealed record OneTimeCode(
    string Value,
    CodeConfidence Confidence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Origin = null)
{
    // A text of an SMS has at most some hundred tokens. Longer texts rent their tokens.
    private const int TokensOnStack = 192;

    /// <summary>The name of the confidence in CSV and metrics.</summary>
    [JsonIgnore]
    public string ConfidenceName => Confidence == CodeConfidence.High ? "high" : "medium";

    /// <summary>The code of a text, or null where there is none or more than one.</summary>
    public static OneTimeCode? Find(string text) => Find(text, out _);

    /// <summary>The same, and how many steps it took: tests hold that they grow with the length and no faster.</summary>
    internal static OneTimeCode? Find(string text, out long steps)
    {
        steps = text.Length;
        if (!MayHoldACode(text))
        {
            return null;
        }

        if (OriginBound.LastLine(text) is { } strict)
        {
            return strict;
        }

        var loose = OriginBound.Anywhere(text);
        var bound = text.Length <= TokensOnStack
            ? new CodeSearch(text, stackalloc Token[TokensOnStack]).Find(ref steps)
            : FindInLong(text, ref steps);
        return (bound, loose) switch
        {
            (null, _) => loose,
            ({ } named, { } host) when named.Value == host.Value => named with { Origin = host.Origin },
            _ => bound,
        };
    }

    private static OneTimeCode? FindInLong(string text, ref long steps)
    {
        var rented = System.Buffers.ArrayPool<Token>.Shared.Rent(text.Length);
        try
        {
            return new CodeSearch(text, rented).Find(ref steps);
        }
        finally
        {
            System.Buffers.ArrayPool<Token>.Shared.Return(rented);
        }
    }

    private static bool MayHoldACode(string text)
    {
        foreach (var unit in text)
        {
            // Digits beyond the basic plane come as surrogates.
            if (char.IsDigit(unit) || unit == '#' || char.IsHighSurrogate(unit))
            {
                return true;
            }
        }

        return false;
    }
}
