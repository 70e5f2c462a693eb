using WebSmsGateway.Model.Codes;

namespace WebSmsGateway.Tests.Codes;

/// <summary>How often the rule is right on texts written for this project. docs/codes.md has the table.</summary>
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
    public void Find_Corpus_KeepsItsBar() => AssertBar(Corpus, precision: 0.985, recall: 0.985);

    [Fact]
    public void Find_TextsOfAnAuthorWithoutKnowledgeOfTheRule_KeepsItsBar() => AssertBar(Blind, precision: 0.985, recall: 0.97);

    [Fact]
    public void Find_Corpus_GivesConfidenceAndOrigin()
    {
        var faults = Corpus.Select(text => (text, found: OneTimeCode.Find(text.Text)))
            .Where(pair => pair.found is not null && pair.found.Value == pair.text.Code)
            .Where(pair => pair.found!.Origin != pair.text.Origin
                || !string.Equals(pair.found.Confidence.ToString(), pair.text.Confidence, StringComparison.OrdinalIgnoreCase))
            .Select(pair => $"{pair.found}: {pair.text.Text}")
            .ToList();

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private static void AssertBar(IReadOnlyList<CorpusText> texts, double precision, double recall)
    {
        var judged = texts.Select(text => (text.Text, Expected: text.Code, Found: OneTimeCode.Find(text.Text)?.Value)).ToList();
        var right = (double)judged.Count(text => text.Found is not null && text.Found == text.Expected);
        var faults = string.Join(Environment.NewLine, judged
            .Where(text => text.Found != text.Expected)
            .Select(text => $"{text.Expected ?? "-"}, found {text.Found ?? "-"}: {text.Text}"));

        Assert.True(right / judged.Count(text => text.Found is not null) >= precision, faults);
        Assert.True(right / judged.Count(text => text.Expected is not null) >= recall, faults);
    }
}
