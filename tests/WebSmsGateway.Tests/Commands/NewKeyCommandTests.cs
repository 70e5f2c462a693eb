using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Authentication;
using WebSmsGateway.Commands;

namespace WebSmsGateway.Tests.Commands;

public sealed class NewKeyCommandTests
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    [Fact]
    public async Task NewKey_NameAndNumbers_PrintsAKeyAndConfigurationThatLetsItIn()
    {
        Assert.Equal(0, await Run("new-key", "--name", "shop", "--numbers", "79021234567,+79031234567", "--requests-per-minute", "60")!);

        var lines = output.ToString().Split('\n', StringSplitOptions.TrimEntries);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines[2])));
        Assert.Equal(43, lines[2].Length);

        var environment = lines.Where(line => line.StartsWith("Authentication__", StringComparison.Ordinal))
            .Select(line => line.Split('=', 2))
            .Select(pair => KeyValuePair.Create(pair[0].Replace("__", ":", StringComparison.Ordinal), (string?)pair[1]));
        AssertLetsIn(new ConfigurationBuilder().AddInMemoryCollection(environment), hash);

        var text = output.ToString();
        var json = text[text.IndexOf('{', StringComparison.Ordinal)..];
        AssertLetsIn(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))), hash);
    }

    [Fact]
    public async Task NewKey_Twice_PrintsDifferentKeys()
    {
        await Run("new-key", "--name", "shop", "--numbers", "*")!;
        var first = output.ToString();
        output.GetStringBuilder().Clear();
        await Run("new-key", "--name", "shop", "--numbers", "*")!;

        Assert.NotEqual(first, output.ToString());
    }

    [Fact]
    public async Task NewKey_Faults_NamesEachOptionAndPrintsNoKey()
    {
        Assert.Equal(1, await Run("new-key", "--name", "two words", "--numbers", "8902", "--requests-per-minute", "many", "--nmae", "x")!);

        Assert.Empty(output.ToString());
        Assert.All(
            ["--name:", "--numbers:", "--requests-per-minute:", "--nmae:", "Usage:"],
            part => Assert.Contains(part, error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task NewKey_OfIds_PrintsAFreshKeyAndConfigurationThatTakesIt()
    {
        Assert.Equal(0, await Run("new-key", "--id")!);
        var text = output.ToString();
        var variable = text.Split('\n', StringSplitOptions.TrimEntries).Single(line => line.StartsWith("Messages__IdKey=", StringComparison.Ordinal));
        var key = variable["Messages__IdKey=".Length..];
        var json = text[text.IndexOf('{', StringComparison.Ordinal)..];
        var options = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build()
            .GetSection("Messages").Get<MessagesOptions>()!;

        Assert.Equal(key, options.IdKey);
        Assert.True(new MessagesOptionsValidator().Validate(options).IsValid);
        output.GetStringBuilder().Clear();
        await Run("new-key", "--id")!;
        Assert.DoesNotContain(key, output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", true)]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", false)]
    [InlineData("no base64", false)]
    public void IdKey_OnlyOf32BytesInBase64_IsTaken(string? key, bool isTaken) =>
        Assert.Equal(isTaken, new MessagesOptionsValidator().Validate(new MessagesOptions { IdKey = key }).IsValid);

    [Fact]
    public void Run_NoCommand_StartsTheGateway()
    {
        Assert.Null(Run());
        Assert.Null(Run("--Upstream:Username=demo"));
        Assert.Null(Run("Upstream:Username=demo"));
    }

    [Fact]
    public async Task Run_UnknownCommand_IsRefused() => Assert.Equal(1, await Run("newkey")!);

    private static void AssertLetsIn(IConfigurationBuilder builder, string hash)
    {
        var options = builder.Build().GetSection("Authentication").Get<AuthenticationOptions>()!;
        Assert.True(new AuthenticationOptionsValidator().Validate(options).IsValid);
        var key = Assert.Single(options.ApiKeys);
        Assert.Equal(("shop", hash, 60), (key.Name, key.Sha256, key.RequestsPerMinute));
        Assert.Equal(["79021234567", "+79031234567"], key.Numbers);
    }

    private Task<int>? Run(params string[] args) => CommandLine.Run(args, (_, _) => throw new InvalidOperationException("No gateway is needed."), output, error);
}
