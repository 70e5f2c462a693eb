using System.Globalization;
using System.Text;
using WebSmsGateway.Model.Codes;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// How often the rule for one-time codes is right: the table of docs/codes.md, over the texts that the tests have. It prints what went
/// wrong below the table. Other files may be named: a heading with <c>language</c>, <c>code</c> and <c>text</c>, cells with tabs between.
/// </summary>
internal static class CodeTable
{
    private static readonly string[] Files = ["corpus.tsv", "blind.tsv"];

    public static int Run(string[] files)
    {
        foreach (var path in files is [] ? Files.Select(name => Path.Combine(Folder(), name)) : files)
        {
            var lines = File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split('\t')).ToList();
            Print(Path.GetFileName(path), lines.Skip(1).Select(cells => Judge(lines[0], cells)).ToList());
        }

        return 0;
    }

    private static Judged Judge(string[] columns, string[] cells)
    {
        string? Cell(string name) => Array.IndexOf(columns, name) is var i and >= 0 && cells[i] is not ("-" or "") ? cells[i] : null;
        var text = Cell("text")!.Replace("\\n", "\n", StringComparison.Ordinal);
        var found = OneTimeCode.Find(text);
        var (expected, origin) = (Cell("code"), Cell("origin"));
        var verdict = (expected, found) switch
        {
            (null, null) => Verdict.Right,
            (null, _) => Verdict.False,
            (_, null) => Verdict.Missed,
            _ => found.Value == expected && (origin is null || found.Origin == origin) ? Verdict.Right : Verdict.Wrong,
        };
        return new Judged(Cell("language")!, expected, found, verdict, text);
    }

    private static void Print(string name, List<Judged> all)
    {
        var table = new StringBuilder();
        table.AppendLine(name).AppendLine().AppendLine("| | texts | with a code | right | wrong | missed | false | precision | recall |");
        table.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        Row("all", all);
        foreach (var language in all.GroupBy(text => text.Language).OrderByDescending(group => group.Count()))
        {
            Row(language.Key, [.. language]);
        }

        foreach (var confidence in Enum.GetValues<CodeConfidence>())
        {
            Row($"found with `{confidence.ToString().ToLowerInvariant()}`", [.. all.Where(text => text.Found?.Confidence == confidence)]);
        }

        Console.WriteLine(table);
        foreach (var text in all.Where(text => text.Verdict != Verdict.Right))
        {
            Console.WriteLine($"{text.Verdict}: {text.Expected ?? "-"}, found {text.Found?.Value ?? "-"}: {text.Text}");
        }

        Console.WriteLine();

        void Row(string label, List<Judged> texts)
        {
            int Count(Verdict verdict) => texts.Count(text => text.Verdict == verdict && (text.Expected ?? text.Found?.Value) is not null);
            var (right, wrong) = (Count(Verdict.Right), Count(Verdict.Wrong));
            var (missed, unfounded) = (Count(Verdict.Missed), Count(Verdict.False));
            var (given, due) = (right + wrong + unfounded, right + wrong + missed);
            int[] counts = [texts.Count, due, right, wrong, missed, unfounded];
            string[] cells = [label, .. counts.Select(Text), Share(right, given), Share(right, due)];
            table.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
        }
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Share(int part, int whole) =>
        whole == 0 ? "" : ((double)part / whole).ToString("0.000", CultureInfo.InvariantCulture);

    private static string Folder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "WebSmsGateway.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("No folder above this one holds WebSmsGateway.sln.");
        }

        return Path.Combine(directory.FullName, "tests", "WebSmsGateway.Tests", "Codes");
    }

    private enum Verdict
    {
        Right,
        Wrong,
        Missed,
        False,
    }

    private sealed record Judged(string Language, string? Expected, OneTimeCode? Found, Verdict Verdict, string Text);
}
