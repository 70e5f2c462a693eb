using System.Text.RegularExpressions;

namespace WebSmsGateway.Tests;

/// <summary>
/// Holds the direction of dependencies that docs/architecture.md draws. It reads sources: what a file names, by <c>using</c> or by a
/// qualified name, its folder depends on.
/// </summary>
public sealed partial class ArchitectureTests
{
    // What every folder may know: what settings and measurements are made of.
    private static readonly string[] ForAll = ["Model", "Configuration", "Telemetry"];

    /// <summary>Folder by folder, what it may know besides. A new folder gets a line here, and a line in the document.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Model"] = [],
        ["Configuration"] = [],
        ["Telemetry"] = [],
        ["Upstream.Wire"] = [],
        ["Upstream"] = ["Upstream.Wire"],
        ["Errors"] = ["Upstream"],
        ["Archive"] = ["Upstream", "Upstream.Wire"],
        ["Archive.Reading"] = ["Archive", "Upstream"],
        ["Authentication"] = ["Errors"],
        ["Http"] = ["Archive", "Archive.Reading", "Authentication", "Errors"],
        ["RateLimiting"] = ["Authentication", "Errors"],
        ["Hosting"] = ["Authentication", "RateLimiting"],
        ["RentedNumbers"] = ["Archive", "Authentication", "Errors", "Http"],
        ["Messages"] = ["Archive", "Archive.Reading", "Authentication", "Errors", "Http", "RateLimiting", "Upstream"],
        ["Feed"] = ["Archive", "Archive.Reading", "Authentication", "Errors", "Http", "RateLimiting", "Upstream"],
        ["Health"] = ["Archive", "Errors", "Upstream"],
        ["OpenApi"] = ["Authentication", "Errors", "Http"],
        ["Commands"] = ["Authentication", "Upstream"],
    };

    private static readonly string Source = SourceFolder();

    [Fact]
    public void Sources_OfEveryFolder_KnowOnlyWhatTheyMay()
    {
        var faults = Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(Source, file), File: file))
            .Where(source => source.Name.Contains(Path.DirectorySeparatorChar) && !Generated().IsMatch(source.Name))
            .SelectMany(source => FaultsOf(source.Name, File.ReadAllText(source.File)))
            .ToList();

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    [Theory]
    [InlineData("Archive/Planted.cs", "using WebSmsGateway.Messages;")]
    [InlineData("Upstream/Wire/Planted.cs", "using WebSmsGateway.Upstream;")]
    [InlineData("Upstream/Planted.cs", "using static WebSmsGateway.Archive.DayRecord;")]
    [InlineData("Messages/Planted.cs", "internal sealed class Planted(Feed.MessageStream stream);")]
    [InlineData("Http/Planted.cs", "internal sealed class Planted(WebSmsGateway.Messages.PageReader reader);")]
    [InlineData("Helpers/Planted.cs", "namespace WebSmsGateway.Helpers;")]
    [InlineData("Archive/Planted.cs", "namespace WebSmsGateway.Messages;")]
    [InlineData("Messages/Planted.cs", "internal sealed class Planted(IWebSmsApi api);")]
    [InlineData("Messages/Planted.cs", "var number = query[\"rentnum\"];")]
    [InlineData("Messages/Planted.cs", "internal sealed class Planted(IOptionsMonitor<PlantedOptions> options);")]
    public void Sources_WithAPlantedFault_AreCaught(string name, string text) => Assert.Single(FaultsOf(name, text));

    [Theory]
    [InlineData(
        "Messages/Planted.cs",
        "// Feed.MessageStream stands on top of this\nusing WebSmsGateway.Archive;\nvar status = page.Feed.Count;")]
    [InlineData(
        "Archive/Planted.cs",
        "using WebSmsGateway.Upstream.Wire;\nnamespace WebSmsGateway.Archive;\ninternal sealed class Planted(IWebSmsApi api);")]
    public void Sources_WithoutAFault_AreLetThrough(string name, string text) => Assert.Empty(FaultsOf(name, text));

    private static IEnumerable<string> FaultsOf(string name, string text)
    {
        var folder = Path.GetDirectoryName(name)!.Replace(Path.DirectorySeparatorChar, '.');
        if (!MayKnow.TryGetValue(folder, out var allowed))
        {
            return [$"{name}: the folder {folder} has no line in {nameof(ArchitectureTests)}; say there what it may know."];
        }

        var code = Comments().Replace(text, "");
        var known = Usings().Matches(code).Select(match => match.Groups["folder"].Value)
            .Concat(QualifiedNames().Matches(Usings().Replace(code, "")).Select(match => match.Groups["folder"].Value))
            .Select(FolderIn)
            .Where(other => other is not null && other != folder && !allowed.Contains(other) && !ForAll.Contains(other))
            .Distinct()
            .Select(other => $"{name}: {folder} may not know {other}.");
        var misplaced = Namespaces().Matches(code).Where(match => match.Groups["folder"].Value != folder)
            .Select(match => $"{name}: its namespace is {match.Groups["folder"].Value}.");
        var bypassing = folder is not ("Upstream" or "Archive") && code.Contains("IWebSmsApi", StringComparison.Ordinal)
            ? [$"{name}: only Archive asks WEBSMS."]
            : Array.Empty<string>();
        var legacy = !folder.StartsWith("Upstream", StringComparison.Ordinal)
            ? LegacyNames().Matches(code).Take(1).Select(match => $"{name}: {match.Value} is a word of WEBSMS and stays under Upstream.")
            : [];
        var monitoring = OptionsMonitors().Matches(code).Take(1)
            .Select(match => $"{name}: {match.Value} throws in the middle of a request after a faulty reload; take InForce.");
        return [.. known, .. misplaced, .. bypassing, .. legacy, .. monitoring];
    }

    /// <summary>The folder that a dotted name begins with, the deepest one that exists.</summary>
    private static string? FolderIn(string dotted) =>
        MayKnow.Keys.Where(folder => dotted == folder || dotted.StartsWith(folder + ".", StringComparison.Ordinal))
            .MaxBy(folder => folder.Length);

    private static string SourceFolder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "WebSmsGateway.sln")))
        {
            directory = directory.Parent!;
        }

        return Path.Combine(directory.FullName, "src", "WebSmsGateway");
    }

    [GeneratedRegex(@"^(bin|obj)[/\\]")]
    private static partial Regex Generated();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"^\s*using\s+(static\s+)?(\w+\s*=\s*)?WebSmsGateway\.(?<folder>[\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(@"^\s*namespace\s+WebSmsGateway\.(?<folder>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    // A folder's name where a type or namespace can stand, followed by a type's; members (x.Feed.Count) and texts do not count.
    [GeneratedRegex(@"(?<![\w.""/:{-])(WebSmsGateway\.)?(?<folder>(Authentication|Archive|Commands|Model|Errors|Feed|"
        + @"Health|Hosting|Messages|OpenApi|Http|RateLimiting|RentedNumbers|Upstream)(\.[A-Z]\w*)+)")]
    private static partial Regex QualifiedNames();

    // The framework gives JwtBearerOptions in no other way. They do not change.
    [GeneratedRegex(@"\b(IOptionsMonitor<(?!JwtBearerOptions>)|IOptionsSnapshot<|IOptionsFactory<)")]
    private static partial Regex OptionsMonitors();

    [GeneratedRegex(@"\b(in_date|sms_date|rentnum|telnum|http_username|http_password)\b")]
    private static partial Regex LegacyNames();
}
