using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Delivery;

/// <summary>
/// The published files of the container image run as in the image: with settings from the environment and nothing else in it.
/// </summary>
public sealed partial class PublishTests(PublishedGateway published, SimulatorFixture fixture)
    : IClassFixture<PublishedGateway>, IClassFixture<SimulatorFixture>
{
    [Fact]
    public void Publish_OfTheGateway_HoldsNeitherSimulatorNorSandbox()
    {
        var files = Directory.EnumerateFiles(published.Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ToList();

        Assert.Contains("WebSmsGateway.dll", files);
        Assert.Contains("WebSmsGateway.xml", files);
        Assert.DoesNotContain(files, file => file!.Contains("Simulator", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(files, file => file!.Contains("Sandbox", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Publish_WithAKeyOfNewKey_ReadsAWindows1251AnswerInMoscowTime()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage("79021234567", "79161234567", "Тест") { LocalTime = new(2013, 3, 11, 12, 9, 1) });
        account.Behaviour = new SimulatorBehaviour { Charset = new CharsetVariant { Name = WireCharset.Windows1251 } };
        var (key, settings) = await NewKeyAsync();

        await using var gateway = await published.StartAsync(
        [
            .. settings,
            ("Upstream__BaseAddress", fixture.Simulator.BaseAddress.ToString()),
            ("Upstream__Username", account.Name),
            ("Upstream__Password", account.Password),
            ("Upstream__Format", "xml"),
        ]);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        var page = await client.GetFromJsonAsync<JsonElement>("rented-numbers/79021234567/messages?from=2013-03-11&to=2013-03-11");
        var description = await client.GetStringAsync("openapi/websms-gateway.json");

        var message = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal("Тест", message.GetProperty("text").GetString());
        Assert.Equal("2013-03-11T12:09:01+04:00", message.GetProperty("receivedAt").GetString());
        Assert.Equal(await File.ReadAllTextAsync(Repository.PathOf("openapi", "websms-gateway.json")), description);
    }

    [Fact]
    public async Task Dockerfile_Image_RunsWhatThisTestRuns()
    {
        var lines = await File.ReadAllLinesAsync(Repository.PathOf("Dockerfile"));
        var image = lines.SkipWhile(line => !line.EndsWith(" AS gateway", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            [
                "FROM runtime AS gateway", "COPY --from=publish-gateway /app ./",
                "HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD [\"dotnet\", \"WebSmsGateway.dll\", \"health\"]",
                "ENTRYPOINT [\"dotnet\", \"WebSmsGateway.dll\"]",
            ],
            image);
        Assert.Contains("FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra AS runtime", lines);
        Assert.Contains("USER $APP_UID", lines);
    }

    private async Task<(string Key, (string Name, string Value)[] Settings)> NewKeyAsync()
    {
        var start = published.StartInfo([], "new-key", "--name", "shop", "--numbers", "79021234567");
        var (exitCode, output, _) = await GatewayProcess.RunAsync(start);
        Assert.Equal(0, exitCode);
        return (
            KeyLine().Match(output).Groups["key"].Value,
            [.. SettingLines().Matches(output).Select(line => (line.Groups["name"].Value, line.Groups["value"].Value))]);
    }

    [GeneratedRegex(@"^  (?<key>[\w-]{43})\r?$", RegexOptions.Multiline)]
    private static partial Regex KeyLine();

    [GeneratedRegex(@"^  (?<name>Authentication__\w+)=(?<value>.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex SettingLines();
}
