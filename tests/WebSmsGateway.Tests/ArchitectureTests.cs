using System.Text.RegularExpressions;

namespace WebSmsGateway.Tests;

/// <summary>
/// Holds the direction of dependencies that docs/architecture.md draws. It reads sources, the files of the root too: what a file names,
/// by <c>using</c> or by a qualified name, its folder depends on.
/// </summary>
public sealed partial class ArchitectureTests
{
    private const int MaxLines = 250;

    // What every folder may know: what settings and measurements are made of.
    private static readonly string[] ForAll = ["Model", "Configuration", "Telemetry"];

    /// <summary>Folder by folder, what it may know besides. A new folder gets a line here, and a line in the document.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Model.Codes"] = [],
        ["Model"] = ["Model.Codes"],
        ["Configuration"] = [],
        ["Telemetry"] = [],
        ["Budgets"] = [],
        ["Upstream.Wire"] = [],
        ["Turns"] = [],
        ["Upstream"] = ["Turns", "Upstream.Wire"],
        ["Errors"] = ["Budgets", "Upstream"],
        ["Archive.Records"] = ["Budgets", "Upstream", "Upstream.Wire"],
        ["Archive.Sharing"] = ["Archive.Records"],
        ["Archive.Redis"] = ["Archive", "Archive.Records", "Archive.Sharing", "Upstream"],
        ["Archive"] = ["Archive.Records", "Archive.Sharing", "Upstream"],
        ["Archive.Following"] = ["Archive", "Archive.Records", "Budgets", "Turns", "Upstream"],
        ["Authentication"] = ["Budgets", "Errors"],
        ["Http"] = ["Archive.Following", "Archive.Records", "Authentication", "Budgets", "Errors", "Model.Codes"],
        ["RateLimiting"] = ["Authentication", "Budgets", "Errors"],
        ["Hosting"] = ["Authentication", "Budgets", "Errors", "Http", "RateLimiting"],
        ["RentedNumbers"] = ["Archive", "Archive.Records", "Authentication", "Errors", "Health", "Http", "Upstream"],
        ["Messages"] = ["Archive.Following", "Archive.Records", "Authentication", "Budgets", "Errors", "Http", "RateLimiting", "Upstream"],
        ["Feed"] = ["Archive.Following", "Authentication", "Errors", "Http", "RateLimiting", "Upstream"],
        ["Codes"] = ["Archive.Following", "Authentication", "Errors", "Http", "RateLimiting", "Upstream"],
        ["Inbox"] = ["Authentication", "Http"],
        ["Tickets"] = ["Authentication", "Errors", "Http"],
        ["Welcome"] = ["Http"],
        ["Health"] = ["Archive", "Archive.Records", "Archive.Redis", "Authentication", "Errors", "Upstream"],
        ["OpenApi"] = ["Authentication", "Errors", "Http"],
        ["Webhooks.Sending"] = [],
        ["Webhooks.Delivery"] = [],
        ["Webhooks.Redis"] = ["Archive.Records", "Archive.Redis", "Upstream", "Webhooks.Delivery"],
        ["Webhooks"] = [
            "Archive.Following", "Archive.Redis", "Authentication", "Errors", "Health", "Http", "Upstream", "Webhooks.Delivery", "Webhooks.Redis",
            "Webhooks.Sending",
        ],
        ["Commands"] = ["Authentication", "Budgets", "Upstream"],

        // The root puts the gateway together and knows every door.
        [""] = [
            "Archive", "Archive.Following", "Archive.Redis", "Authentication", "Budgets", "Codes", "Commands", "Errors", "Feed", "Health", "Hosting", "Http", "Inbox", "Messages", "OpenApi", "RateLimiting",
            "RentedNumbers", "Tickets", "Upstream", "Webhooks", "Welcome",
        ],
    };

    private static readonly List<SourceFile> Sources = SourceFile.ReadAll();

    [Fact]
    public void Sources_OfEveryFolder_KnowOnlyWhatTheyMay() => ExpectNone(Sources.SelectMany(FaultsOf));

    [Theory]
    [InlineData("Archive/Planted.cs", "using WebSmsGateway.Messages;")]
    [InlineData("Upstream/Wire/Planted.cs", "using WebSmsGateway.Upstream;")]
    [InlineData("Upstream/Planted.cs", "using static WebSmsGateway.Archive.DayRecord;")]
    [InlineData("Model/Planted.cs", "using WebSmsGateway.Telemetry;")]
    [InlineData("Messages/Planted.cs", "internal sealed class Planted(Feed.MessageStream stream);")]
    [InlineData("Http/Planted.cs", "internal sealed class Planted(WebSmsGateway.Messages.PageWait wait);")]
    [InlineData("Helpers/Planted.cs", "namespace WebSmsGateway.Helpers;")]
    [InlineData("Archive/Planted.cs", "namespace WebSmsGateway.Messages;")]
    [InlineData("Messages/Planted.cs", "internal sealed class Planted(IWebSmsApi api);")]
    [InlineData("Messages/Planted.cs", "internal sealed class Planted(GatewayApplication root);")]
    [InlineData("Messages/Planted.cs", "var number = query[\"rentnum\"];")]
    [InlineData("Messages/Planted.cs", "internal sealed class Planted(IOptionsMonitor<PlantedOptions> options);")]
    public void Sources_WithAPlantedFault_AreCaught(string name, string text) => Assert.Single(FaultsOf(new SourceFile(name, text)));

    [Theory]
    [InlineData(
        "Messages/Planted.cs",
        "// Feed.MessageStream stands on top of this\nusing WebSmsGateway.Archive.Following;\nvar status = page.Feed.Count;")]
    [InlineData(
        "Archive/Planted.cs",
        "using WebSmsGateway.Upstream;\nnamespace WebSmsGateway.Archive;\ninternal sealed class Planted(IWebSmsApi api);")]
    [InlineData("Planted.cs", "using WebSmsGateway.Messages;\nnamespace WebSmsGateway;")]
    public void Sources_WithoutAFault_AreLetThrough(string name, string text) => Assert.Empty(FaultsOf(new SourceFile(name, text)));

    [Fact]
    public void Permissions_OfEveryFolder_AreUsed() => ExpectNone(
        from folder in MayKnow
        from permitted in folder.Value
        where !Needs(Sources, folder.Key, permitted)
        select $"{folder.Key} may know {permitted} and does not need it.");

    [Fact]
    public void Usings_OfEveryFile_AreNeeded() => ExpectNone(
        from file in Sources
        from name in file.Usings
        where !NamesAnyOf(file, Sources.Where(other => other.Namespace == name))
        select $"{file.Name}: it uses nothing of {name}.");

    [Fact]
    public void Folders_AndFilesOfDifferentFolders_StandInNoCircle()
    {
        var byFile = Sources.ToDictionary(file => file, file => Sources.Where(other => other != file && NamesAnyOf(file, [other])).ToList());
        var byFolder = Sources.Select(file => file.Folder).Distinct().ToDictionary(
            room => room,
            room => byFile.Where(pair => pair.Key.Folder == room).SelectMany(pair => pair.Value).Select(file => file.Folder)
                .Where(other => other != room).Distinct().ToList());

        ExpectNone(
        [
            .. Circles(byFolder).Select(circle => "Folders: " + string.Join(" -> ", circle)),
            .. Circles(byFile).Where(circle => circle.Select(file => file.Folder).Distinct().Count() > 1)
                .Select(circle => "Files: " + string.Join(" -> ", circle.Select(file => file.Name))),
        ]);
    }

    [Theory]
    [InlineData("a:b b:c c:a", 1)]
    [InlineData("a:b b:c", 0)]
    [InlineData("a:b b:a c:d d:c", 2)]
    public void Circles_OfAPlantedGraph_AreFound(string arrows, int count)
    {
        var graph = arrows.Split(' ').GroupBy(arrow => arrow[..1]).ToDictionary(
            group => group.Key, group => group.Select(arrow => arrow[2..]).ToList());

        Assert.Equal(count, Circles(graph).Count());
    }

    [Fact]
    public void Files_OfTheGateway_TellOneStoryEach() => ExpectNone(
        Sources.Where(file => file.Lines > MaxLines).Select(file => $"{file.Name}: {file.Lines} lines; {MaxLines} are enough for one story."));

    private static void ExpectNone(IEnumerable<string> faults) => Assert.Empty(faults.Order(StringComparer.Ordinal));

    private static IEnumerable<string> FaultsOf(SourceFile file)
    {
        if (!MayKnow.TryGetValue(file.Folder, out var allowed))
        {
            return [$"{file.Name}: the folder {file.Folder} has no line in {nameof(ArchitectureTests)}; say there what it may know."];
        }

        var known = file.Usings
            .Concat(QualifiedNames().Matches(file.CodeWithoutUsings).Select(match => match.Groups["folder"].Value))
            .Select(FolderIn)
            .Where(other => other is not null && other != file.Folder && !allowed.Contains(other))
            .Where(other => !ForAll.Contains(other) || ForAll.Contains(file.Folder))
            .Distinct()
            .Select(other => $"{file.Name}: {file.Folder} may not know {other}.");
        var root = file.Folder.Length > 0 && file.Words.Overlaps(["GatewayApplication", "StartupCheck"])
            ? [$"{file.Name}: nobody knows the root."]
            : Array.Empty<string>();
        var misplaced = file.Namespace.Length > 0 && file.Namespace != "WebSmsGateway" + (file.Folder.Length > 0 ? "." + file.Folder : "")
            ? [$"{file.Name}: its namespace is {file.Namespace}."]
            : Array.Empty<string>();
        var bypassing = file.Folder is not ("Upstream" or "Archive") && file.Words.Contains("IWebSmsApi")
            ? [$"{file.Name}: only Archive asks WEBSMS."]
            : Array.Empty<string>();
        var legacy = !file.Folder.StartsWith("Upstream", StringComparison.Ordinal)
            ? LegacyNames().Matches(file.Text).Take(1).Select(match => $"{file.Name}: {match.Value} is a word of WEBSMS and stays under Upstream.")
            : [];
        var monitoring = OptionsMonitors().Matches(file.Code).Take(1)
            .Select(match => $"{file.Name}: {match.Value} throws in the middle of a request after a faulty reload; take InForce.");
        return [.. known, .. root, .. misplaced, .. bypassing, .. legacy, .. monitoring];
    }

    /// <summary>The folder that a dotted name begins with, the deepest one that exists.</summary>
    private static string? FolderIn(string dotted)
    {
        var below = dotted.StartsWith("WebSmsGateway.", StringComparison.Ordinal) ? dotted["WebSmsGateway.".Length..] : dotted;
        return MayKnow.Keys.Where(folder => folder.Length > 0 && (below == folder || below.StartsWith(folder + ".", StringComparison.Ordinal)))
            .MaxBy(folder => folder.Length);
    }

    private static bool Needs(List<SourceFile> sources, string folder, string permitted) =>
        sources.Where(file => file.Folder == folder)
            .Any(file => NamesAnyOf(file, sources.Where(other => other.Folder == permitted)));

    private static bool NamesAnyOf(SourceFile file, IEnumerable<SourceFile> others) =>
        others.Any(other => file.Words.Overlaps(other.Declared) && (file.Sees(other) || NamesQualified(file, other)));

    /// <summary>Whether a file names a type of another one behind the last part of its namespace.</summary>
    private static bool NamesQualified(SourceFile file, SourceFile other)
    {
        var last = other.Namespace.Split('.')[^1];
        return file.Words.Contains(last)
            && other.Declared.Any(type => file.CodeWithoutUsings.Contains($"{last}.{type}", StringComparison.Ordinal));
    }

    /// <summary>The circles of a graph: sets of nodes that reach each other.</summary>
    private static IEnumerable<List<T>> Circles<T>(Dictionary<T, List<T>> graph)
        where T : notnull
    {
        var reached = graph.Keys.ToDictionary(node => node, node => ReachedFrom(graph, node));
        var seen = new HashSet<T>();
        foreach (var node in graph.Keys.Where(node => reached[node].Contains(node)))
        {
            if (seen.Contains(node))
            {
                continue;
            }

            var circle = reached[node].Where(other => reached.TryGetValue(other, out var back) && back.Contains(node)).ToList();
            seen.UnionWith(circle);
            yield return circle;
        }
    }

    private static HashSet<T> ReachedFrom<T>(Dictionary<T, List<T>> graph, T start)
        where T : notnull
    {
        var reached = new HashSet<T>();
        var open = new Stack<T>([start]);
        while (open.TryPop(out var node))
        {
            foreach (var next in graph.GetValueOrDefault(node, []))
            {
                if (reached.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return reached;
    }

    // A folder's name where a type or namespace can stand, followed by a type's; members (x.Feed.Count) and texts do not count.
    [GeneratedRegex(@"(?<![\w.""/:{-])(WebSmsGateway\.)?(?<folder>(Authentication|Archive|Codes|Commands|Model|Errors|Feed|"
        + @"Health|Hosting|Inbox|Messages|OpenApi|Http|RateLimiting|RentedNumbers|Tickets|Turns|Upstream|Webhooks|Welcome)(\.[A-Z]\w*)+)")]
    private static partial Regex QualifiedNames();

    [GeneratedRegex(@"\b(IOptionsMonitor<|IOptionsSnapshot<|IOptionsFactory<)")]
    private static partial Regex OptionsMonitors();

    [GeneratedRegex(@"\b(in_date|sms_date|rentnum|telnum|http_username|http_password)\b")]
    private static partial Regex LegacyNames();
}
