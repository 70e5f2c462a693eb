using System.Net;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>Searches through many messages take a share of the processor, and leave the rest to others.</summary>
public sealed class SearchShareTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const int Messages = 60_000;
    private const int Searches = 150;
    private const string Day = "2024-03-01";

    [Fact]
    public async Task ManySearchesOfOneKey_OthersPagesAndSearches_DoNotWaitForThem()
    {
        var account = fixture.Simulator.NewAccount();
        var start = DateTime.Parse(Day);
        account.AddMessages(Enumerable.Range(0, Messages).Select(i => new SimulatorMessage(
            i % 2 == 0 ? RunningGateway.Number : "79029999999", "79161234567", $"Ваш код {i:00000}, никому его не сообщайте, даже нам")
        { LocalTime = start.AddSeconds(i) }));
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, null);
        using var other = gateway.NewClient(RunningGateway.NarrowKey);
        await StatusAsync(gateway.Client, $"/messages?from={Day}&to={Day}");
        await StatusAsync(other, Path("&limit=1"));

        // Each is another request, and finds nothing.
        var searches = Enumerable.Range(0, Searches)
            .Select(i => StatusAsync(gateway.Client, $"/messages?from={Day}&to={Day}&contains=нет{i}")).ToList();
        await Task.WhenAny(searches);
        for (var page = 2; page < 6; page++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(other, Path($"&limit={page}")));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other, Path("&contains=нет")));
        Assert.InRange(searches.Count(search => search.IsCompleted), 1, Searches / 2);

        // They wait in their queue, and are told neither 429 nor 503.
        Assert.All(await Task.WhenAll(searches), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    private static string Path(string query) => $"/rented-numbers/{RunningGateway.Number}/messages?from={Day}&to={Day}{query}";

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return response.StatusCode;
    }
}
