using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Budgets;

/// <summary>An answer that never changes and is not read costs the buffers of its connection, and no copy of its bytes.</summary>
[Collection(TimedTests.Name)]
public sealed class StaticMemoryTests : IAsyncLifetime
{
    private const int Unread = 60;

    private RunningSimulator simulator = null!;

    public async Task InitializeAsync() => simulator = await RunningSimulator.StartAsync();

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Theory]
    [InlineData("/swagger/swagger-ui-bundle.js")]
    [InlineData("/openapi/websms-gateway.json")]
    public async Task Answers_ManyOfThemUnread_AreSentFromTheSameBytes(string path)
    {
        await using var gateway = RunningGateway.StartWithSmallBuffers(
            simulator, simulator.NewAccount(), new FakeTimeProvider(GatewayAtNoon.Noon), ("RateLimiting:UnauthenticatedPerMinute", "1000"));
        var length = (await gateway.Client.GetByteArrayAsync(path)).Length;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new List<UnreadClient>();
        for (var i = 0; i < Unread; i++)
        {
            var (client, head) = await UnreadClient.AskAsync(gateway.BaseAddress, path);
            Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
            clients.Add(client);
        }

        await Eventually.TrueAsync(
            () => GC.GetTotalMemory(forceFullCollection: true) - before < (long)length * Unread / 2,
            $"unread answers of {length} bytes have copies of them");
        Assert.All(clients, client => Assert.False(client.IsClosed));
        clients.ForEach(client => client.Dispose());
    }
}
