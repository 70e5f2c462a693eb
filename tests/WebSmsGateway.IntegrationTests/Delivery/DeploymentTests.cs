using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Delivery;

/// <summary>The scripts and files in <c>deploy</c> and <c>compose.yaml</c> do what they promise.</summary>
public sealed partial class DeploymentTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("deploy-test-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task MakeSecrets_AsMade_LetAGatewayStartWithAnEncryptedRedisThatAsksForAPassword()
    {
        var secrets = Path.Combine(directory.FullName, "secrets");
        await RunAsync(
            [Repository.PathOf("deploy", "compose", "make-secrets.sh"), secrets], ("WEBSMS_USERNAME", "demo"), ("WEBSMS_PASSWORD", "p ä=&\"'"));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(secrets).UnixFileMode);
        Assert.Equal("p ä=&\"'", await File.ReadAllTextAsync(Path.Combine(secrets, "Upstream__Password")));

        // Each secret that compose.yaml mounts is made, and nothing else.
        Assert.Equal(
            SecretFile().Matches(Repository.Read("compose.yaml")).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal),
            Directory.GetFiles(secrets).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

        var before = await File.ReadAllTextAsync(Path.Combine(secrets, "Cache__Redis"));
        await RunAsync([Repository.PathOf("deploy", "compose", "make-secrets.sh"), secrets]);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(secrets, "Cache__Redis")));

        var port = RedisServer.FreePort();
        var configuration = Path.Combine(directory.FullName, "redis.conf");
        File.Move(Path.Combine(secrets, "redis.conf"), configuration);
        File.Delete(Path.Combine(secrets, "Cache__Redis"));
        await File.WriteAllTextAsync(
            Path.Combine(secrets, "Cache__Redis"), before.Replace("redis:6379", $"127.0.0.1:{port}", StringComparison.Ordinal));
        using var redis = Process.Start(new ProcessStartInfo(
            "redis-server", [configuration, "--port", $"{port}", "--bind", "127.0.0.1", "--dir", directory.FullName])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            redis.BeginOutputReadLine();
            await Eventually.TrueAsync(
                async () => (await TryRunAsync(["redis-cli", "-p", $"{port}", "ping"])).Output.Contains("NOAUTH", StringComparison.Ordinal),
                "Redis asks for no password");
            await using var gateway = await GatewayProcess.StartAsync(
                directory.FullName, ("SecretsDirectory", secrets), ("Authentication__AllowAnonymous", "true"));

            await gateway.WaitForLineAsync("Values in Redis are encrypted and authenticated");
            await gateway.WaitForLineAsync("Redis answers");
            Assert.DoesNotContain(gateway.Output, line => line.Contains("Ids of messages are keyed with the WEBSMS login", StringComparison.Ordinal));
        }
        finally
        {
            redis.Kill();
            await redis.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task PinImages_OfARegistryThatWantsAToken_PinsEachImageAndKeepsTheRest()
    {
        var (first, second) = ($"sha256:{new string('a', 64)}", $"sha256:{new string('b', 64)}");
        var digest = first;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var registry = builder.Build();
        registry.MapGet("/token", (string service, string scope) =>
            $$"""{"expires_in":300,"token":"{{(service == "reg" && scope == "repository:shop/app:pull" ? "right" : "wrong")}}"}""");
        registry.MapMethods("/v2/shop/app/manifests/1.0-x", ["HEAD"], (HttpContext context) =>
        {
            if (context.Request.Headers.Authorization != "Bearer right")
            {
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate =
                    $"Bearer realm=\"http://{context.Request.Host}/token\",service=\"reg\",scope=\"repository:shop/app:pull\"";
                return;
            }

            context.Response.Headers["Docker-Content-Digest"] = digest;
        });
        await registry.StartAsync();
        var image = $"{new Uri(registry.Urls.First()).Authority}/shop/app:1.0-x";
        var dockerfile = Write("Dockerfile", $"FROM {image} AS base\nFROM base AS final\nRUN echo {image}\n");
        var compose = Write("compose.yaml", $"services:\n  app:\n    image: {image}\n    user: app\n");

        await RunAsync([Repository.PathOf("deploy", "pin-images.sh"), dockerfile, compose]);
        Assert.Equal($"FROM {image}@{first} AS base\nFROM base AS final\nRUN echo {image}\n", await File.ReadAllTextAsync(dockerfile));
        Assert.Equal($"services:\n  app:\n    image: {image}@{first}\n    user: app\n", await File.ReadAllTextAsync(compose));

        digest = second;
        await RunAsync([Repository.PathOf("deploy", "pin-images.sh"), dockerfile]);
        Assert.StartsWith($"FROM {image}@{second} AS base\n", await File.ReadAllTextAsync(dockerfile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PinImages_RegistryCannotBeReached_ChangesNothingAndFails()
    {
        var text = $"FROM 127.0.0.1:{RedisServer.FreePort()}/shop/app:1.0\n";
        var dockerfile = Write("Dockerfile", text);

        var (exitCode, output) = await TryRunAsync([Repository.PathOf("deploy", "pin-images.sh"), dockerfile]);

        Assert.Equal(1, exitCode);
        Assert.Contains("no digest of 127.0.0.1:", output, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(dockerfile));
    }

    [Fact]
    public void Compose_Services_AreHardenedAndHoldNoSecret()
    {
        var compose = Repository.Read("compose.yaml");

        Assert.All(
            ["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "mem_limit: 384m", "internal: true", "Cache__EncryptionKeys__0",
                "redis-server\", \"/run/secrets/redis.conf\""],
            line => Assert.Contains(line, compose, StringComparison.Ordinal));
        Assert.DoesNotContain("Upstream__Password:  ", compose, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)password *[:=] *[^ \n]", compose.Replace("WEBSMS_PASSWORD=demo deploy", "", StringComparison.Ordinal));
        Assert.Contains("deploy/compose/secrets/", Repository.Read(".gitignore"), StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task<string> RunAsync(string[] command, params (string Key, string Value)[] environment)
    {
        var (exitCode, output) = await TryRunAsync(command, environment);
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static async Task<(int ExitCode, string Output)> TryRunAsync(string[] command, params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    [GeneratedRegex("file: deploy/compose/secrets/(?<name>[^\n]+)")]
    private static partial Regex SecretFile();
}
