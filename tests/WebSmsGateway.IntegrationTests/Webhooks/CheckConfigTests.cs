using System.Net;
using WebSmsGateway.Commands;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>What <c>check-config</c> says of the addresses of webhooks.</summary>
public sealed class CheckConfigTests
{
    [Fact]
    public async Task CheckConfig_OfWebhooks_ResolvesEachAddressAndNamesTheRuleThatRefusesIt()
    {
        // The name of the machine leads to an address of the machine, so a rule refuses it; which one depends on its network.
        var own = Dns.GetHostName();
        var (exitCode, output, error) = await RunAsync(
            ("good", "https://93.184.216.34/sms"), ("own", $"https://{own}/sms"), ("nowhere", "https://no-such-name.invalid/sms"));

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("Webhook good: no rule refuses its address.", output);
        var line = Assert.Single(output, line => line.StartsWith("Warning: webhook own is refused: ", StringComparison.Ordinal));
        Assert.Matches($@"refused: {own} leads to \S+: \S+ is .* \(\S+/\d+\)", line);
        Assert.Contains(output, line => line.Contains("webhook nowhere", StringComparison.OrdinalIgnoreCase) && line.Contains("has no address now", StringComparison.Ordinal));
        Assert.DoesNotContain(output, line => line.Contains("whsec", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://10.1.2.3/sms", "10.1.2.3 is a private address (10.0.0.0/8)")]
    [InlineData("https://0xa9fea9fe/latest", "169.254.169.254 is")]
    [InlineData("http://93.184.216.34/sms", "is in no network of Webhooks:AllowNetworks, and only there http is accepted; use https")]
    public async Task CheckConfig_OfAnAddressThatItsTextForbids_IsAFaultThatNamesTheRule(string url, string rule)
    {
        var (exitCode, _, error) = await RunAsync(("shop", url));

        Assert.Equal(1, exitCode);
        Assert.Contains("Webhooks:Endpoints:0:Url: ", error, StringComparison.Ordinal);
        Assert.Contains(rule, error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string[] Output, string Error)> RunAsync(params (string Name, string Url)[] endpoints)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] args =
        [
            "check-config", "--Upstream:Username=demo", "--Upstream:Password=demo", "--Authentication:ApiKeys:0:Name=all",
            $"--Authentication:ApiKeys:0:Sha256={new string('a', 64)}", "--Authentication:ApiKeys:0:Numbers=*",
            .. endpoints.SelectMany((endpoint, index) => (string[])
            [
                $"--Webhooks:Endpoints:{index}:Name={endpoint.Name}", $"--Webhooks:Endpoints:{index}:Url={endpoint.Url}",
                $"--Webhooks:Endpoints:{index}:Owner=all", $"--Webhooks:Endpoints:{index}:Secrets:0={WebhookReceiver.NewSecret()}",
            ]),
        ];
        var exitCode = await CommandLine.Run(args, GatewayApplication.Create, output, error)!;
        return (exitCode, output.ToString().Split(Environment.NewLine), error.ToString());
    }
}
