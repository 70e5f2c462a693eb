namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>The working tree of these tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "WebSmsGateway.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException(
                $"There is no WebSmsGateway.sln above {AppContext.BaseDirectory}.");
        }

        return directory.FullName;
    }
}
