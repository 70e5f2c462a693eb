using System.Reflection;
using WebSmsGateway.Http;

namespace WebSmsGateway.Inbox;

/// <summary>A file of the page.</summary>
/// <param name="name">Its path below the root of the gateway, such as <c>inbox/app-1a2b.js</c>.</param>
/// <param name="bytes">Its bytes as they were built.</param>
internal sealed class PageFile(string name, byte[] bytes)
{
    /// <summary>The name of the page itself. The names of the other files change with their content.</summary>
    public const string Index = "index.html";

    private const string Folder = "Page/";

    public string Name => name;

    public SharedBody Body { get; } =
        new(bytes, MediaTypeOf(name), name == Index ? "no-cache" : "public, max-age=31536000, immutable");

    /// <summary>The files that an assembly holds.</summary>
    public static IEnumerable<PageFile> AllOf(Assembly assembly) =>
        from resource in assembly.GetManifestResourceNames()
        where resource.StartsWith(Folder, StringComparison.Ordinal)
        select Of(assembly, resource[Folder.Length..]);

    public static PageFile Of(Assembly assembly, string name)
    {
        using var resource = assembly.GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"The page lacks the file {name}.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return new PageFile(name, bytes);
    }

    /// <summary>The same file with another content.</summary>
    public PageFile With(Func<byte[], byte[]> change) => new(name, change(bytes));

    private static string MediaTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"The page has a file of an unknown kind: {name}."),
    };
}
