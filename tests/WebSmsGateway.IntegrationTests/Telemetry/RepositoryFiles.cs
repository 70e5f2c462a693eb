namespace WebSmsGateway.IntegrationTests.Telemetry;

/// <summary>Files that people read and tools are fed with, where they lie in the repository.</summary>
internal static class RepositoryFiles
{
    // bin/<configuration>/<framework> below the project, which is below tests/.
    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));

    public static string PathOf(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(PathOf(path));
}
