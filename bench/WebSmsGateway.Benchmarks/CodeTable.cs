using System.Globalization;
using System.Text;
using WebSmsGateway.Codes;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// How often the rule for one-time codes is right: the table of docs/codes.md, over the texts that the tests have. It prints what went
/// wrong below the table.
/// </summary>
internal static class CodeTable
{
    private static readonly string[] Files = ["corpus.tsv", "blind.tsv"];

    public static int Run()
    {
        foreach (var path in Files.Select(name => Path.Combine(Folder(), name)).Where(File.Exists))
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
        return new Judged(Cell("language")!, expected, Cell("confidence"), found, verdict, text);
    }

    private static void Print(string name, List<Judged> all)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"{name}: {all.Count} texts, {all.Count(text => text.Expected is not null)} with a code");
        table.AppendLine().AppendLine("| | texts | with a code | right | wrong | missed | false | precision | recall |");
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
        foreach (var text in all.Where(text => text.Verdict != Verdict.Right || (text.Found is { } found && !Is(found.Confidence, text.Confidence))))
        {
            var fault = text.Verdict == Verdict.Right ? "confidence" : text.Verdict.ToString().ToLowerInvariant();
            Console.WriteLine($"{fault}: {text.Expected ?? "-"} {text.Confidence}, found {text.Found?.ToString() ?? "-"}: {text.Text}");
        }

        Console.WriteLine();

        void Row(string label, List<Judged> texts)
        {
            int Count(Verdict verdict, bool hasCode = true) => texts.Count(text => text.Verdict == verdict && text.Expected is not null == hasCode);
            var (right, wrong, missed, unfounded) = (Count(Verdict.Right), Count(Verdict.Wrong), Count(Verdict.Missed), Count(Verdict.False, false));
            var (given, due) = (right + wrong + unfounded, right + wrong + missed);
            table.AppendLine(CultureInfo.InvariantCulture,
                $"| {label} | {texts.Count} | {due} | {right} | {wrong} | {missed} | {unfounded} | {Share(right, given)} | {Share(right, due)} |");
        }
    }

    private static bool Is(CodeConfidence confidence, string? name) => name is null || string.Equals(confidence.ToString(), name, StringComparison.OrdinalIgnoreCase);

    private static string Share(int part, int whole) => whole == 0 ? "" : ((double)part / whole).ToString("0.000", CultureInfo.InvariantCulture);

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

    private sealed record Judged(string Language, string? Expected, string? Confidence, OneTimeCode? Found, Verdict Verdict, string Text);
}
