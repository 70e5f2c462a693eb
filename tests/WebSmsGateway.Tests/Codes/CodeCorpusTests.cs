using WebSmsGateway.Codes;

namespace WebSmsGateway.Tests.Codes;

/// <summary>How often the rule is right on texts written for this project. The benchmarks print the table of docs/codes.md from them.</summary>
public sealed class CodeCorpusTests
{
    private static readonly IReadOnlyList<CorpusText> Corpus = CodeCorpus.Read("corpus.tsv");
    private static readonly IReadOnlyList<CorpusText> Blind = CodeCorpus.Read("blind.tsv");

    [Fact]
    public void Corpus_IsLargeAndHalfWithoutCodes()
    {
        Assert.True(Corpus.Count >= 500, $"{Corpus.Count} texts");
        Assert.InRange(Corpus.Count(text => text.Code is null), Corpus.Count * 2 / 5, Corpus.Count * 3 / 5);
        Assert.True(Corpus.Select(text => text.Language).Distinct().Count() >= 10);
        Assert.Equal(Corpus.Count, Corpus.Select(text => text.Text).Distinct().Count());
        Assert.Equal(200, Blind.Count);
    }

    [Fact]
    public void Find_EveryTextOfTheCorpus_IsRight()
    {
        var faults = Corpus.Select(text => (text, found: OneTimeCode.Find(text.Text)))
            .Where(pair => pair.found?.Value != pair.text.Code
                || pair.found?.Origin != pair.text.Origin
                || !string.Equals(pair.found?.Confidence.ToString(), pair.text.Confidence, StringComparison.OrdinalIgnoreCase))
            .Select(pair => $"{pair.text.Code ?? "-"}, found {pair.found}: {pair.text.Text}")
            .ToList();

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    [Fact]
    public void Find_TextsOfOneWhoHadNotReadTheRule_KeepsItsBar()
    {
        var found = Blind.Select(text => (Expected: text.Code, Found: OneTimeCode.Find(text.Text)?.Value)).ToList();
        var right = found.Count(pair => pair.Found is not null && pair.Found == pair.Expected);

        Assert.True(right >= 0.985 * found.Count(pair => pair.Found is not null), $"precision: {right} right");
        Assert.True(right >= 0.95 * found.Count(pair => pair.Expected is not null), $"recall: {right} right");
        Assert.Equal(0, found.Count(pair => pair is { Expected: null, Found: not null }));
    }
}
