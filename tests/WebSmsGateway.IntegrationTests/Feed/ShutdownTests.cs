using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator.Behaviour;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

public sealed class ShutdownTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Stop_WaitsAndStreamsOpen_EndsThemWellWithinTheGraceTime()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = await GatewayProcess.StartAsync(
            fixture.Simulator.BaseAddress, account, null, ("Cache:Freshness", "00:00:00.2"));
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        var waits = Enumerable.Range(0, 5).Select(_ => gateway.Client.GetAsync($"{PagePath}&cursor=now&wait=60")).ToList();
        var early = gateway.Client.GetAsync($"{PagePath}&cursor=now&wait=0.2");
        await early;

        var started = TimeProvider.System.GetTimestamp();
        var exit = await gateway.StopAsync();

        Assert.Equal(0, exit);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 5);
        Assert.Null(await stream.NextAsync());
        foreach (var wait in waits)
        {
            using var response = await wait;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotEmpty((await response.Content.ReadFromJsonAsync<JsonElement>()).Next());
        }
    }

    [Fact]
    public async Task Stop_UpstreamHangs_RefusesTheWaitThatHasNothingAndEveryNewOne()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Upstream:Scope", "Number"));
        using (var warm = await gateway.Client.GetAsync($"{PagePath}&cursor=now"))
        {
            Assert.Equal(HttpStatusCode.OK, warm.StatusCode);
        }

        account.Fail(FaultKind.Hang);
        var wait = gateway.Client.GetAsync($"/rented-numbers/{OtherNumber}/messages?order=asc&cursor=now&wait=60");
        await account.WaitForCallsInFlightAsync(1);

        // The last registered callback runs first, so it runs after the signal and before the port closes.
        var refusals = new List<HttpResponseMessage>();
        var lifetime = gateway.Services.GetRequiredService<IHostApplicationLifetime>();
        using var stopping = lifetime.ApplicationStopping.Register(() =>
        {
            foreach (var path in (string[])[StreamPath, "/messages/stream", $"{PagePath}&cursor=now&wait=1"])
            {
                refusals.Add(gateway.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead).GetAwaiter().GetResult());
            }
        });

        lifetime.StopApplication();

        using var response = await wait;
        await AssertStoppingAsync(response);
        Assert.Equal(3, refusals.Count);
        foreach (var refused in refusals)
        {
            await AssertStoppingAsync(refused);
            refused.Dispose();
        }
    }

    private static async Task AssertStoppingAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("stopping", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.NotNull(response.Headers.RetryAfter);
    }
}
