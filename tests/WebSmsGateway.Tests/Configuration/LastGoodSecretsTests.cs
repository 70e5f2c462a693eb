using Microsoft.Extensions.FileProviders;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Tests.Configuration;

/// <summary>A directory of secrets may be unmounted for a moment, and a file in it may be a link that leads nowhere.</summary>
public sealed class LastGoodSecretsTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("secrets-test-");
    private readonly LastGoodSecrets secrets;

    public LastGoodSecretsTests() => secrets = new LastGoodSecrets(directory.FullName);

    public void Dispose()
    {
        secrets.Dispose();
        if (directory.Exists)
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Contents_OfReadableFiles_AreWhatTheySayWithoutHiddenOnes()
    {
        Write("A", "1");
        Write("B", "2");
        Write("..data", "x");

        Assert.Equal(["A=1", "B=2"], Read());
        File.Delete(PathOf("A"));
        Assert.Equal(["B=2"], Read());
        Assert.Null(secrets.Fault);
    }

    [Fact]
    public void Contents_DirectoryGone_StayUntilItIsBack()
    {
        Write("A", "1");
        Read();
        directory.Delete(recursive: true);

        Assert.Equal(["A=1"], Read());
        Assert.Equal($"{directory.FullName}: the directory is missing; what its files said last stays in force", secrets.Fault!.ToString());

        directory.Create();
        Write("B", "2");
        Assert.Equal(["B=2"], Read());
        Assert.Null(secrets.Fault);
    }

    [Fact]
    public void Contents_OneFileCannotBeRead_StayForThisFileOnly()
    {
        Write("A", "1");
        Write("B", "2");
        Read();
        File.Delete(PathOf("A"));
        File.CreateSymbolicLink(PathOf("A"), "nowhere");
        Write("B", "3");

        Assert.Equal(["A=1", "B=3"], Read());
        Assert.Equal($"{directory.FullName}/A: the file cannot be read; what it said last stays in force", secrets.Fault!.ToString());
    }

    private string PathOf(string name) => Path.Combine(directory.FullName, name);

    private void Write(string name, string content) => File.WriteAllText(PathOf(name), content);

    private string[] Read() => [.. secrets.GetDirectoryContents("").Select(file => $"{file.Name}={TextOf(file)}").Order(StringComparer.Ordinal)];

    private static string TextOf(IFileInfo file)
    {
        using var reader = new StreamReader(file.CreateReadStream());
        return reader.ReadToEnd();
    }
}
