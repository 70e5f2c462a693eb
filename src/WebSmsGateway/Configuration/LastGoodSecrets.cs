using System.Collections;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Primitives;

namespace WebSmsGateway.Configuration;

/// <summary>
/// The directory of secrets with its last readable content. A file that was deleted takes its setting away. A file that cannot be read keeps
/// what it said last, and so does the whole directory while it is missing. The framework would take all of them for deleted, or end the process.
/// </summary>
internal sealed class LastGoodSecrets(string directory) : ILastGood, IFileProvider, IDisposable
{
    // Orchestrators mount secrets as links through a hidden link. To renew the secrets they change only the hidden link.
    private readonly PhysicalFileProvider files = new(directory, ExclusionFilters.None);

    [Bounded("the files of the secrets directory")]
    private Dictionary<string, byte[]> good = new(StringComparer.Ordinal);

    public ConfigurationFault? Fault { get; private set; }

    public IDirectoryContents GetDirectoryContents(string subpath)
    {
        var present = files.GetDirectoryContents(subpath);
        if (!present.Exists)
        {
            Fault = new(directory, "the directory is missing; what its files said last stays in force");
            return Contents();
        }

        var read = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        List<string> unread = [];
        foreach (var file in present.Where(file => !file.IsDirectory && !file.Name.StartsWith('.')))
        {
            try
            {
                using var stream = file.CreateReadStream();
                using var content = new MemoryStream();
                stream.CopyTo(content);
                read[file.Name] = content.ToArray();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                unread.Add(file.Name);
                if (good.TryGetValue(file.Name, out var last))
                {
                    read[file.Name] = last;
                }
            }
        }

        good = read;
        Fault = unread.Count == 0
            ? null
            : new($"{directory}/{unread.Order(StringComparer.Ordinal).First()}", "the file cannot be read; what it said last stays in force");
        return Contents();
    }

    public IFileInfo GetFileInfo(string subpath) => files.GetFileInfo(subpath);

    public IChangeToken Watch(string filter) => files.Watch(filter);

    public void Dispose() => files.Dispose();

    private Listing Contents() => new([.. good.Select(file => new Secret(file.Key, file.Value))]);

    private sealed class Listing(List<Secret> secrets) : IDirectoryContents
    {
        public bool Exists => true;

        public IEnumerator<IFileInfo> GetEnumerator() => secrets.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Secret(string name, byte[] content) : IFileInfo
    {
        public bool Exists => true;

        public long Length => content.Length;

        public string? PhysicalPath => null;

        public string Name => name;

        public DateTimeOffset LastModified => default;

        public bool IsDirectory => false;

        public Stream CreateReadStream() => new MemoryStream(content);
    }
}
