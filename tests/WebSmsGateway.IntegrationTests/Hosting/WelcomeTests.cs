using System.Text.Json;
using WebSmsGateway.IntegrationTests.Authentication;

namespace WebSmsGateway.IntegrationTests.Hosting;

/// <summary>What stands at the root.</summary>
public sealed class WelcomeTests
{
    private const string OfABrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    [Fact]
    public async Task Root_AskedByABrowser_SendsItOnToAPageForPeople()
    {
        await using var gateway = await ProbeGateway.StartAsync();
        using var response = await gateway.GetAsync("/", ("Accept", OfABrowser));

        Assert.Equal(302, (int)response.StatusCode);
        Assert.Equal("swagger", response.Headers.Location!.OriginalString);
        Assert.Contains("Accept", response.Headers.Vary);
        Assert.Equal(200, await gateway.StatusOfAsync("/swagger/index.html"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/json, text/html;q=0.5")]
    public async Task Root_AskedByAProgram_GivesNameVersionAndLinksThatAnswer(string? accept)
    {
        await using var gateway = await ProbeGateway.StartAsync();
        using var response = await gateway.GetAsync("/", accept is null ? [] : [("Accept", accept)]);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("WebSmsGateway", answer.GetProperty("name").GetString());
        Assert.NotEqual("", answer.GetProperty("version").GetString());
        foreach (var link in answer.GetProperty("links").EnumerateObject())
        {
            Assert.NotEqual(404, await gateway.StatusOfAsync($"/{link.Value.GetString()}"));
        }
    }

    [Fact]
    public async Task Root_AskedInAnotherWay_IsRefused()
    {
        await using var gateway = await ProbeGateway.StartAsync();

        using var response = await gateway.Client.PostAsync("/", content: null);

        Assert.Equal(405, (int)response.StatusCode);
    }
}
