using System.Text;
using Microsoft.Extensions.Configuration;
using WebSmsGateway.Commands;
using WebSmsGateway.Webhooks.Sending;

namespace WebSmsGateway.Tests.Commands;

public sealed class NewWebhookCommandTests
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    [Fact]
    public async Task NewWebhook_AllOptions_PrintsASecretAndTheSettingsOfItsEndpoint()
    {
        Assert.Equal(0, await Run("new-webhook", "--name", "orders", "--url", "https://hooks.example.org/sms?a=1", "--owner", "shop"));

        var text = output.ToString();
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        var secret = lines[2];
        Assert.True(WebhookSecret.TryParse(secret, out _, out var fault), fault);
        var environment = lines.Where(line => line.StartsWith("Webhooks__", StringComparison.Ordinal))
            .Select(line => line.Split('=', 2))
            .Select(pair => KeyValuePair.Create(pair[0].Replace("__", ":", StringComparison.Ordinal), (string?)pair[1]));
        string?[] expected = ["orders", "https://hooks.example.org/sms?a=1", "shop", secret];
        Assert.Equal(expected, SettingsOf(new ConfigurationBuilder().AddInMemoryCollection(environment)));

        var json = text[text.IndexOf('{', StringComparison.Ordinal)..];
        Assert.Equal(expected, SettingsOf(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))));
    }

    [Fact]
    public async Task NewWebhook_SecretAlone_IsAnotherOneEachTime()
    {
        await Run("new-webhook", "--secret");
        var first = output.ToString();
        output.GetStringBuilder().Clear();
        await Run("new-webhook", "--secret");

        Assert.NotEqual(first, output.ToString());
        Assert.True(WebhookSecret.TryParse(first.Split('\n', StringSplitOptions.TrimEntries).First(line => line.StartsWith("whsec_", StringComparison.Ordinal)), out _, out _));
    }

    [Fact]
    public async Task NewWebhook_Faults_NamesEachOptionAndPrintsNoSecret()
    {
        Assert.Equal(1, await Run("new-webhook", "--name", "two words", "--url", "hooks.example.org", "--nmae", "x"));

        Assert.Empty(output.ToString());
        Assert.All(
            ["--name:", "--url:", "--owner:", "--nmae:", "Usage:"],
            part => Assert.Contains(part, error.ToString(), StringComparison.Ordinal));
    }

    private static string?[] SettingsOf(IConfigurationBuilder builder)
    {
        var endpoint = builder.Build().GetSection("Webhooks:Endpoints:0");
        return [endpoint["Name"], endpoint["Url"], endpoint["Owner"], endpoint["Secrets:0"]];
    }

    private Task<int> Run(params string[] args) =>
        CommandLine.Run(args, (_, _) => throw new InvalidOperationException("No gateway is needed."), output, error)!;
}
