using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WebSmsGateway.Inbox;

/// <summary>A file of the page. It is compressed once, when it is first asked for.</summary>
/// <param name="name">Its path below the root of the gateway, such as <c>inbox/app-1a2b.js</c>.</param>
/// <param name="bytes">Its bytes as they were built.</param>
internal sealed class PageFile(string name, byte[] bytes)
{
    private const string Folder = "Page/";
    private const string Brotli = "br";
    private const string Gzip = "gzip";

    private readonly PageBody plain = new(null, bytes, TagOf(bytes, ""));

    private readonly Lazy<PageBody> brotli = new(() => Compressed(
        bytes, Brotli, target => new BrotliStream(target, CompressionLevel.SmallestSize)));

    private readonly Lazy<PageBody> gzip = new(() => Compressed(bytes, Gzip, target => new GZipStream(target, CompressionLevel.SmallestSize)));

    public string Name => name;

    public string MediaType => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"The page has a file of an unknown kind: {name}."),
    };

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

    /// <summary>The smallest form of the file that a browser takes.</summary>
    public PageBody For(StringValues acceptEncoding)
    {
        var accepted = StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var list) ? list : [];
        return Takes(Brotli) ? brotli.Value : Takes(Gzip) ? gzip.Value : plain;

        bool Takes(string encoding) =>
            accepted.Any(item => item.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && item.Quality is not 0.0);
    }

    private static PageBody Compressed(byte[] bytes, string encoding, Func<Stream, Stream> compress)
    {
        using var target = new MemoryStream();
        using (var source = compress(target))
        {
            source.Write(bytes);
        }

        return new PageBody(encoding, target.ToArray(), TagOf(bytes, "-" + encoding));
    }

    private static EntityTagHeaderValue TagOf(byte[] bytes, string ending) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}{ending}\"");
}

/// <summary>One form of a file.</summary>
/// <param name="Encoding">Its <c>Content-Encoding</c>; null for none.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="Tag">Its entity tag, which differs from those of other forms.</param>
internal sealed record PageBody(string? Encoding, byte[] Bytes, EntityTagHeaderValue Tag);
