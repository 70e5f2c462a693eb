using System.Text.RegularExpressions;

namespace WebSmsGateway.Tests;

/// <summary>
/// One word for one thing, and the field's own word: the gateway once had words of its own, which readers had to learn. They must not come
/// back in identifiers, metric names and log templates. In comments most of them are ordinary English.
/// </summary>
public sealed partial class WordsTests
{
    private static readonly string[] Words =
    [
        "Segment", "Sealed", "Fly", "Flies", "Flight", "Land", "Landed", "Crash", "Crashed", "Refusal", "KnownPage", "KnownPages", "Stranger",
        "Strangers", "Stamps", "Piece", "Pieces", "Patience", "Facts", "Tell", "Tells", "Told", "Note", "Noted", "Beat", "NumberView",
    ];

    // The framework's and the language's own, and words of HTTP.
    private static readonly string[] Allowed = ["StartsWithSegments", "sealed", "Preflight", "InFlight"];

    [Fact]
    public void Identifiers_OfTheGateway_AreOfTheGlossary() => Assert.Empty(
        from file in SourceFile.ReadAll()
        from word in file.Words
        where !Allowed.Any(allowed => word.Contains(allowed, StringComparison.OrdinalIgnoreCase)) && Parts(word).Overlaps(Words)
        select $"{file.Name}: {word}");

    [Fact]
    public void MetricsAndLogTemplates_OfTheGateway_AreOfTheGlossary() => Assert.Empty(
        from file in SourceFile.ReadAll()
        from Match text in MetricNames().Matches(file.Text).Concat(LogTemplates().Matches(file.Text))
        where Words.Any(word => Regex.IsMatch(text.Value, $@"\b{word}s?\b", RegexOptions.IgnoreCase))
        select $"{file.Name}: {text.Value}");

    [Theory]
    [InlineData("SegmentFetcher", true)]
    [InlineData("landedAt", true)]
    [InlineData("KnownPages", true)]
    [InlineData("knownNumbers", false)]
    [InlineData("NotEmpty", false)]
    [InlineData("Landscape", false)]
    public void Parts_OfAPlantedIdentifier_AreCaught(string identifier, bool isCaught) =>
        Assert.Equal(isCaught, Parts(identifier).Overlaps(Words));

    /// <summary>The words that an identifier is made of, alone and in pairs, with capitals.</summary>
    private static HashSet<string> Parts(string identifier)
    {
        var parts = Capitals().Matches(identifier).Select(match => char.ToUpperInvariant(match.Value[0]) + match.Value[1..]).ToList();
        return [.. parts, .. parts.Zip(parts.Skip(1), (first, second) => first + second)];
    }

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")]
    private static partial Regex Capitals();

    [GeneratedRegex(@"""websms\.[a-z_.]+""")]
    private static partial Regex MetricNames();

    [GeneratedRegex(@"LoggerMessage\([^)]*\)")]
    private static partial Regex LogTemplates();
}
