using System.Text.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace WebSmsGateway.Configuration;

/// <summary>A source of settings that keeps what was read last.</summary>
internal interface ILastGood
{
    /// <summary>Why the source could not be read; null if it could.</summary>
    ConfigurationFault? Fault { get; }
}

/// <summary>
/// A settings file with its last readable content. The framework reads a missing or damaged file as an empty one, and all callers in it
/// would lose their access.
/// </summary>
internal sealed class LastGoodFile : ILastGood, IFileProvider, IFileInfo
{
    // The content of an optional file that does not exist at start.
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    private readonly IFileProvider files;

    // Null if the file was damaged at start. Then the framework reports the damage.
    private byte[]? good;

    private LastGoodFile(FileConfigurationSource source)
    {
        (files, Name) = (source.FileProvider!, source.Path!);
        good = files.GetFileInfo(Name).Exists ? null : Nothing;
        GetFileInfo(Name);
    }

    /// <summary>The fault of the file; null if it has none.</summary>
    public ConfigurationFault? Fault { get; private set; }

    public string Name { get; }
    public bool Exists => true;
    public bool IsDirectory => false;
    public DateTimeOffset LastModified => default;
    public long Length => good!.Length;
    public string? PhysicalPath => null;

    /// <summary>Replaces the file provider of a source by the last good file.</summary>
    public static LastGoodFile For(FileConfigurationSource source)
    {
        var file = new LastGoodFile(source);
        source.FileProvider = file;
        return file;
    }

    public IFileInfo GetFileInfo(string subpath)
    {
        var file = files.GetFileInfo(subpath);
        if (!file.Exists)
        {
            Fault = good is null || good == Nothing ? null : new(Name, "the file is missing; what it said last stays in force");
            return Fault is null ? file : this;
        }

        try
        {
            using var stream = file.CreateReadStream();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            content.Position = 0;
            new ConfigurationBuilder().AddJsonStream(content).Build();
            (good, Fault) = (content.ToArray(), null);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            Fault = new(Name, "the file cannot be read; what it said last stays in force");
        }

        return good is null ? file : this;
    }

    public IDirectoryContents GetDirectoryContents(string subpath) => files.GetDirectoryContents(subpath);

    public IChangeToken Watch(string filter) => files.Watch(filter);

    public Stream CreateReadStream() => new MemoryStream(good!);
}
