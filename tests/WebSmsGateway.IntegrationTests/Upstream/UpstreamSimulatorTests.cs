using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Upstream;

public sealed class UpstreamSimulatorTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private static readonly UpstreamQuestion March2013 =
        new(RentedNumber.Reported("79021234567"), new DateTime(2013, 3, 1, 0, 0, 0), new DateTime(2013, 3, 31, 23, 59, 59));

    [Theory]
    [InlineData("json", "Get")]
    [InlineData("xml", "Get")]
    [InlineData("txt", "Get")]
    [InlineData("json", "Post")]
    [InlineData("xml", "Post")]
    [InlineData("txt", "Post")]
    public async Task AskAsync_EachFormatAndMethod_GivesTheRecordsThatWereAskedFor(string format, string method)
    {
        var account = fixture.Simulator.State.AddAccount($"вход & {Guid.NewGuid():N}", "п&=+% 1");
        Receive(account, "79021234567", new DateTime(2013, 3, 11, 12, 9, 1), "Тест");
        Receive(account, "79021234567", new DateTime(2013, 4, 1, 0, 0, 0), "April");
        Receive(account, "79027654321", new DateTime(2013, 3, 11, 12, 9, 1), "another number");
        await using var host = Host(account, ("Upstream:Format", format), ("Upstream:Method", method));

        for (var question = 0; question < 3; question++)
        {
            var answer = await host.AskAsync(March2013);

            Assert.Null(answer.Failure);
            Assert.True(answer.IsWhole);
            var record = Assert.Single(answer.Records);
            Assert.Equal((new DateTime(2013, 3, 11, 12, 9, 1), "79021234567", "Тест"), (record.Date, record.RentNum, record.Message));
        }

        var nothing = await host.AskAsync(March2013 with { From = new(2013, 3, 20), Through = new(2013, 3, 21) });
        Assert.Null(nothing.Failure);
        Assert.Empty(nothing.Records);
        Assert.All(account.Requests(), request => Assert.Equal(method, request.Method, ignoreCase: true));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("xml")]
    [InlineData("txt")]
    public async Task AskAsync_WrongPassword_CostsOneCallHoweverManyAsk(string format)
    {
        var account = fixture.Simulator.NewAccount();
        await using var host = Host(
            account, ("Upstream:Format", format), ("Upstream:Password", "wrong"), ("Upstream:MaxConcurrency", "64"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.AskAsync(March2013)));

        Assert.All(answers, answer => Assert.Equal(UpstreamError.CredentialsRejected, answer.Failure?.Error));
        Assert.Single(account.Requests());
    }

    private static void Receive(SimulatedAccount account, string number, DateTime at, string text) =>
        account.AddMessages(new SimulatorMessage(number, "79036800129", text) { LocalTime = at });

    private UpstreamHost Host(SimulatedAccount account, params (string, string)[] settings) => new(
        fixture.Simulator.BaseAddress.ToString(), null,
        [("Upstream:Username", account.Name), ("Upstream:Password", account.Password), .. settings]);
}
