using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Configuration;

/// <summary>Operators add and remove callers in files while the gateway runs.</summary>
public sealed class ReloadTests : IDisposable
{
    private const string Path = "/messages?limit=0";
    private const int LetIn = 400;
    private const int Refused = 401;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("gateway-test-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task SettingsFile_Changed_ChangesTheKeysWithoutARestartAndADamagedOneChangesNothing()
    {
        Write("appsettings.json", Settings("first"));
        await using var gateway = await StartAsync(("Upstream__Password", "demo"));
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "first"));

        Write("appsettings.json", Settings("second"));
        await gateway.WaitForStatusAsync(LetIn, Path, "second");
        Assert.Equal(Refused, await gateway.StatusOfAsync(Path, "first"));

        Write("appsettings.json", Settings("third").Replace(HashOf("third"), "broken", StringComparison.Ordinal));
        await gateway.WaitForLineAsync("what was in force stays: Authentication:ApiKeys:0:Sha256");
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "second"));

        Write("appsettings.json", Settings("third").Insert(1, """ "Logging": { "LogLevel": { "Default": "Loud" } }, """));
        await gateway.WaitForLineAsync("what was in force stays: Logging:LogLevel:Default: ");
        await gateway.WaitForStatusAsync(LetIn, Path, "third");
        Write("appsettings.json", Settings("second"));
        await gateway.WaitForStatusAsync(LetIn, Path, "second");

        Write("appsettings.json", Settings("fourth")[..^10]);
        await gateway.WaitForLineAsync("what was in force stays: appsettings.json: the file cannot be read");
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "second"));
        Write("appsettings.json", Settings("fourth"));
        await gateway.WaitForStatusAsync(LetIn, Path, "fourth");
        Assert.Equal(Refused, await gateway.StatusOfAsync(Path, "second"));
    }

    [Fact]
    public async Task SettingsFile_GoneWhileAnotherSourceChanges_KeepsItsCallersUntilItIsBack()
    {
        var secrets = directory.CreateSubdirectory("secrets");
        Write("secrets/Upstream__Password", "demo\n");
        Write("appsettings.json", Settings("first"));
        await using var gateway = await StartAsync(("SecretsDirectory", secrets.FullName));

        File.Delete(System.IO.Path.Combine(directory.FullName, "appsettings.json"));
        await gateway.WaitForLineAsync("what was in force stays: appsettings.json: the file is missing");
        Write("secrets/Upstream__Password", "other\n");
        await gateway.WaitForLineAsync("The configuration has changed: Upstream:Password applies now");
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "first"));

        Write("appsettings.json", Settings("second"));
        await gateway.WaitForStatusAsync(LetIn, Path, "second");
        Assert.Equal(Refused, await gateway.StatusOfAsync(Path, "first"));
        await gateway.WaitForLineAsync("The configuration is in order again");
    }

    /// <summary>What a file no longer says is gone, the last caller too. Only a start without callers is refused.</summary>
    [Fact]
    public async Task SettingsFile_TheLastKeyIsTakenOut_LetsNobodyInUntilThereIsOneAgain()
    {
        Write("appsettings.json", Settings("first"));
        await using var gateway = await StartAsync(("Upstream__Password", "demo"));
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "first"));

        Write("appsettings.json", "{}");
        await gateway.WaitForStatusAsync(Refused, Path, "first");
        Assert.Contains("\"configuration\":{\"state\":\"ok\"}", await ReadyAsync(gateway), StringComparison.Ordinal);

        Write("appsettings.json", Settings("second"));
        await gateway.WaitForStatusAsync(LetIn, Path, "second");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"Authentication\": { \"ApiKeys\": [ {")]
    [InlineData("[]")]
    [InlineData("\0\0\0\0")]
    [InlineData(null)]
    public async Task SettingsFile_DamagedOrMissing_KeepsEveryCallerAndIsDegradedWithOneLine(string? content)
    {
        Write("appsettings.json", Settings("first"));
        await using var gateway = await StartAsync(("Upstream__Password", "demo"));

        if (content is null)
        {
            File.Delete(System.IO.Path.Combine(directory.FullName, "appsettings.json"));
        }
        else
        {
            Write("appsettings.json", content);
        }

        await gateway.WaitForLineAsync("what was in force stays: appsettings.json: the file ");
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "first"));
        Assert.Contains("\"configuration\":{\"state\":\"faulty\"}", await ReadyAsync(gateway), StringComparison.Ordinal);
        Assert.StartsWith("{\"status\":\"degraded\"", await ReadyAsync(gateway), StringComparison.Ordinal);
        Assert.Single(gateway.Output, line => line.Contains("what was in force stays", StringComparison.Ordinal));

        Write("appsettings.json", Settings("second"));
        await gateway.WaitForStatusAsync(LetIn, Path, "second");
        Assert.Equal(Refused, await gateway.StatusOfAsync(Path, "first"));
    }

    /// <summary>A link that leads nowhere for a moment takes nothing away. A deleted file does.</summary>
    [Fact]
    public async Task SecretsDirectory_FileCannotBeRead_KeepsWhatWasInForceAndADeletedOneDoesNot()
    {
        var secrets = directory.CreateSubdirectory("secrets");
        Write("secrets/Upstream__Password", "demo\n");
        WriteKey("first", "secrets/");
        await using var gateway = await StartAsync(("SecretsDirectory", secrets.FullName));
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "first"));

        var hash = System.IO.Path.Combine(secrets.FullName, "Authentication__ApiKeys__0__Sha256");
        File.Delete(hash);
        File.CreateSymbolicLink(hash, "nowhere");
        await gateway.WaitForLineAsync("Authentication__ApiKeys__0__Sha256: the file cannot be read; what it said last stays in force");
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "first"));
        Assert.Contains("\"configuration\":{\"state\":\"faulty\"}", await ReadyAsync(gateway), StringComparison.Ordinal);

        File.Delete(hash);
        WriteKey("second", "secrets/");
        await gateway.WaitForStatusAsync(LetIn, Path, "second");
        Assert.Equal(Refused, await gateway.StatusOfAsync(Path, "first"));

        foreach (var part in (string[])["Name", "Numbers", "Sha256"])
        {
            File.Delete(System.IO.Path.Combine(secrets.FullName, "Authentication__ApiKeys__0__" + part));
        }

        await gateway.WaitForStatusAsync(Refused, Path, "second");
    }

    [Fact]
    public async Task SecretsDirectory_FilesChanged_ChangesTheKeysWithoutARestart()
    {
        Write("Upstream__Password", "demo\r\n");
        WriteKey("first");
        Write("Authentication__ApiKeys__0__Sha256", HashOf("first") + "\r\n\r\n");
        await using var gateway = await StartAsync(("SecretsDirectory", directory.FullName));
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "first"));

        WriteKey("second");
        await gateway.WaitForStatusAsync(LetIn, Path, "second");
        Assert.Equal(Refused, await gateway.StatusOfAsync(Path, "first"));
    }

    /// <summary>Mounts secrets as an orchestrator does: the files are links through a link, and only that link changes.</summary>
    [Fact]
    public async Task SecretsDirectory_LinkSwapped_ChangesTheKeysWithoutARestart()
    {
        Mount("one", "first");
        foreach (var name in (string[])["Upstream__Password", "Authentication__ApiKeys__0__Name", "Authentication__ApiKeys__0__Sha256",
            "Authentication__ApiKeys__0__Numbers"])
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(directory.FullName, name), $"..data/{name}");
        }

        await using var gateway = await StartAsync(("SecretsDirectory", directory.FullName));
        Assert.Equal(LetIn, await gateway.StatusOfAsync(Path, "first"));

        Mount("two", "second");
        await gateway.WaitForStatusAsync(LetIn, Path, "second");
        Assert.Equal(Refused, await gateway.StatusOfAsync(Path, "first"));
    }

    private static async Task<string> ReadyAsync(GatewayProcess gateway) =>
        (await gateway.Client.GetStringAsync("/health/ready")).ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);

    private Task<GatewayProcess> StartAsync(params (string Key, string Value)[] environment) => GatewayProcess.StartAsync(
        directory.FullName,
        [("Upstream__Username", "demo"), ("RateLimiting__UnauthenticatedPerMinute", "1000000"),
            ("RateLimiting__RequestsPerMinute", "1000000"), .. environment]);

    private void Write(string name, string content)
    {
        var file = new FileInfo(System.IO.Path.Combine(directory.FullName, name));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, content);
    }

    private void WriteKey(string key, string folder = "")
    {
        Write(folder + "Authentication__ApiKeys__0__Name", "shop\n");
        Write(folder + "Authentication__ApiKeys__0__Numbers", "79021234567\n");
        Write(folder + "Authentication__ApiKeys__0__Sha256", HashOf(key) + "\n");
    }

    private void Mount(string version, string key)
    {
        var folder = $"..{version}/";
        Write(folder + "Upstream__Password", "demo\n");
        WriteKey(key, folder);
        var fresh = System.IO.Path.Combine(directory.FullName, "..data_tmp");
        File.CreateSymbolicLink(fresh, $"..{version}");
        using var rename = Process.Start("mv", ["-T", fresh, System.IO.Path.Combine(directory.FullName, "..data")]);
        rename.WaitForExit();
    }

    private static string Settings(string key) =>
        $$"""{ "Authentication": { "ApiKeys": [ { "Name": "shop", "Sha256": "{{HashOf(key)}}", "Numbers": "79021234567" } ] } }""";

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
