using System.Text.RegularExpressions;

namespace WebSmsGateway.Tests;

/// <summary>One source file of the gateway: what it declares and what it names.</summary>
internal sealed partial class SourceFile
{
    public SourceFile(string name, string text)
    {
        Name = name.Replace('\\', '/');
        Folder = Path.GetDirectoryName(Name)!.Replace('/', '.');
        Lines = text.Split('\n').Length - 1;
        Text = Comments().Replace(text, "");
        Code = Texts().Replace(Text, "\"\"");
        Namespace = Namespaces().Match(Code).Groups["name"].Value;
        Usings = [.. UsingLines().Matches(Code).Select(match => match.Groups["name"].Value)];
        Declared = [.. Declarations().Matches(Code).Concat(Extensions().Matches(Code)).Select(match => match.Groups["name"].Value)
            .SelectMany(name => name.EndsWith("Attribute", StringComparison.Ordinal) ? [name, name[..^"Attribute".Length]] : (string[])[name])];
        CodeWithoutUsings = UsingLines().Replace(Code, "");
        Words = [.. Identifiers().Matches(CodeWithoutUsings).Select(match => match.Value)];
    }

    /// <summary>Path below the project, with slashes.</summary>
    public string Name { get; }

    /// <summary>Folder below the project, with dots; empty for the root.</summary>
    public string Folder { get; }

    public int Lines { get; }

    /// <summary>The text without comments.</summary>
    public string Text { get; }

    public string CodeWithoutUsings { get; }

    /// <summary>The text without comments and without what stands in quotes.</summary>
    public string Code { get; }

    public string Namespace { get; }

    /// <summary>Namespaces of the gateway that it uses.</summary>
    public IReadOnlyList<string> Usings { get; }

    /// <summary>The types that it declares, nested ones left out, and its extension methods.</summary>
    public IReadOnlyList<string> Declared { get; }

    /// <summary>Every identifier in it.</summary>
    public HashSet<string> Words { get; }

    /// <summary>Reads the sources of the gateway.</summary>
    public static List<SourceFile> ReadAll()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "WebSmsGateway.sln")))
        {
            directory = directory.Parent!;
        }

        var source = Path.Combine(directory.FullName, "src", "WebSmsGateway");
        return
        [
            .. from path in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
               let name = Path.GetRelativePath(source, path)
               where !Generated().IsMatch(name)
               select new SourceFile(name, File.ReadAllText(path)),
        ];
    }

    /// <summary>Whether a file can name types of another one without their namespace.</summary>
    public bool Sees(SourceFile other) =>
        Usings.Contains(other.Namespace) || Namespace == other.Namespace
        || Namespace.StartsWith(other.Namespace + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^(bin|obj)[/\\]")]
    private static partial Regex Generated();

    [GeneratedRegex("""(?<!["\w:])//[^\n]*""")]
    private static partial Regex Comments();

    [GeneratedRegex(""""(?s)"""(.*?)"""|@?"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])'"""")]
    private static partial Regex Texts();

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"^\s*using\s+(static\s+)?(\w+\s*=\s*)?(?<name>WebSmsGateway[\w.]*)\s*;", RegexOptions.Multiline)]
    private static partial Regex UsingLines();

    [GeneratedRegex(@"^(internal|public|file)[\w ]*?\b(class|struct|interface|enum|record(\s+struct)?)\s+(?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"\bstatic\s[\w<>?,\[\]. ()]+?\s(?<name>[A-Z]\w+)\s*(<[^>]*>)?\(\s*this\b")]
    private static partial Regex Extensions();

    [GeneratedRegex(@"\b[A-Za-z_]\w*\b")]
    private static partial Regex Identifiers();
}
