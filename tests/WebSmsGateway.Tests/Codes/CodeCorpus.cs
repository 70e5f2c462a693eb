using System.Runtime.CompilerServices;

namespace WebSmsGateway.Tests.Codes;

/// <summary>One text of a corpus.</summary>
internal sealed record CorpusText(string Language, string? Code, string? Confidence, string? Origin, string Text);

/// <summary>The texts of this folder. A tab ends a cell, <c>\n</c> stands for a line break, <c>-</c> for nothing.</summary>
internal static class CodeCorpus
{
    public static IReadOnlyList<CorpusText> Read(string name, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, name);
        var lines = File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split('\t')).ToList();
        return [.. lines.Skip(1).Select(cells => new CorpusText(
            Cell("language", cells)!, Cell("code", cells), Cell("confidence", cells), Cell("origin", cells),
            Cell("text", cells)!.Replace("\\n", "\n", StringComparison.Ordinal)))];

        string? Cell(string column, string[] cells) =>
            Array.IndexOf(lines[0], column) is var i and >= 0 && cells[i] is not ("-" or "") ? cells[i] : null;
    }
}
