using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Delivery;

/// <summary>Each threat of docs/security.md has a test, and the test exists.</summary>
public sealed partial class SecurityPageTests
{
    private const int TestColumn = 3;

    private static readonly Dictionary<string, string> Tests = new[] { "WebSmsGateway.Tests", "WebSmsGateway.IntegrationTests" }
        .SelectMany(project => Directory.GetFiles(Repository.PathOf("tests", project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText)
        .SelectMany(text => ClassName().Matches(text).Select(match => (Name: match.Groups["name"].Value, Text: text)))
        .GroupBy(item => item.Name)
        .ToDictionary(group => group.Key, group => string.Concat(group.Select(item => item.Text)));

    [Fact]
    public void Threats_OfThePage_NameTestsThatExist()
    {
        var rows = Rows(Repository.Read("docs/security.md"));

        Assert.InRange(rows.Count, 25, 100);
        Assert.Empty(rows.SelectMany(FaultsOf));
    }

    [Theory]
    [InlineData("| a | b | c | `SecrecyTests` | d |", 0)]
    [InlineData("| a | b | c | `SecrecyTests.Redis_*`, `.Secrets_*` | d |", 0)]
    [InlineData("| a | b | c | `SecrecyTests.Redis_*`, `.Nothing_*` | d |", 1)]
    [InlineData("| a | b | c | `NoSuchTests` | d |", 1)]
    [InlineData("| a | b | c | | d |", 1)]
    public void Row_Planted_IsJudged(string row, int faults) => Assert.Equal(faults, FaultsOf(row).Count());

    /// <summary>The rows of the tables whose columns are threat, by whom, what holds it, test, what is left.</summary>
    private static List<string> Rows(string page) =>
    [
        .. Table().Matches(page).SelectMany(table => table.Groups["rows"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
    ];

    private static IEnumerable<string> FaultsOf(string row)
    {
        var cells = row.Trim().Trim('|').Split(" | ", StringSplitOptions.TrimEntries);
        var names = cells.Length > TestColumn ? Name().Matches(cells[TestColumn]).Select(match => match.Groups["name"].Value).ToList() : [];
        if (names.Count == 0)
        {
            yield return $"no test: {row}";
        }

        var last = "";
        foreach (var name in names)
        {
            var parts = name.Split('.');
            last = parts[0].Length > 0 ? parts[0] : last;
            var text = Tests.GetValueOrDefault(last);
            if (text is null || (parts.Length > 1 && !text.Contains($" {parts[1].TrimEnd('*')}", StringComparison.Ordinal)))
            {
                yield return $"there is no {last} {string.Join('.', parts[1..])}: {row}";
            }
        }
    }

    [GeneratedRegex(@"^\| threat \| by whom \| what holds it \| test \| what is left \|\n\|[-|]+\|\n(?<rows>(\|.*\n)+)", RegexOptions.Multiline)]
    private static partial Regex Table();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(public|internal) (abstract |sealed |static )*(partial )?class (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex ClassName();
}
