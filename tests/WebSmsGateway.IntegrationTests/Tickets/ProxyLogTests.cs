using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Tickets;

/// <summary>What nginx in front of the gateway logs of a ticket in an address.</summary>
public sealed partial class ProxyLogTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Path = "rented-numbers?ticket=wst_secret";
    private const string Secret = "wst_secret";

    [Fact]
    public async Task Nginx_AsItComes_LogsTheTicket()
    {
        await using var gateway = RunningGateway.Start(fixture.Simulator, fixture.Simulator.NewAccount());
        await using var nginx = await NginxServer.StartAsync(gateway.BaseAddress, log: "access_log access.log;");

        await AskAsync(nginx);

        await Eventually.TrueAsync(() => nginx.Read("access.log").Contains(Secret, StringComparison.Ordinal), "nginx has logged no ticket");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nginx_WithTheLinesOfTheDocument_LogsTheRequestWithoutTheTicket(bool isGatewayThere)
    {
        await using var gateway = RunningGateway.Start(fixture.Simulator, fixture.Simulator.NewAccount());
        var address = isGatewayThere ? gateway.BaseAddress : new Uri("http://127.0.0.1:1/");
        await using var nginx = await NginxServer.StartAsync(address, log: Folder().Replace(FrontEndsPage.Nginx, ""));

        await AskAsync(nginx);

        await Eventually.TrueAsync(
            () => nginx.Read("access.log").Contains($"\"GET /rented-numbers HTTP/1.1\" {(isGatewayThere ? 401 : 502)}", StringComparison.Ordinal),
            "nginx has not logged the request");
        Assert.DoesNotContain(Secret, nginx.Read("access.log"), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, nginx.Read("error.log"), StringComparison.Ordinal);
    }

    private static async Task AskAsync(NginxServer nginx)
    {
        using var client = new HttpClient { BaseAddress = nginx.Address };
        using var response = await client.GetAsync(Path);
    }

    [GeneratedRegex("/var/log/nginx/")]
    private static partial Regex Folder();
}
