using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>A world with a test clock: WEBSMS, one account of it, and gateways in front of that account.</summary>
public abstract class Scenario(DateTimeOffset start) : IAsyncLifetime
{
    private protected const string Number = RunningGateway.Number;

    private RunningSimulator simulator = null!;

    /// <summary>The clock of the gateways and of WEBSMS.</summary>
    private protected FakeTimeProvider Clock { get; } = new(start);

    private protected SimulatedAccount Account { get; private set; } = null!;

    /// <summary>The time zone of the account.</summary>
    private protected virtual string Zone => "Europe/Moscow";

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync(Clock, builder => builder.Configuration["Simulator:TimeZone"] = Zone);
        Account = simulator.NewAccount();
    }

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    private protected RunningGateway Start(params (string, string?)[] settings) => RunningGateway.Start(
        simulator, Account, Clock, [("Upstream:Retries", "0"), ("Upstream:TimeZone", Zone), .. settings]);

    private protected void GoTo(DateTimeOffset moment) => Clock.Advance(moment - Clock.GetUtcNow());

    /// <summary>A message that arrives now and is listed at once.</summary>
    private protected void Arrive(string text) =>
        Account.AddMessages(new SimulatorMessage(Number, "79161234567", text, Clock.GetUtcNow()));

    /// <summary>A message with a local date that is listed from a moment on.</summary>
    private protected void ArriveLate(string localTime, string text, DateTimeOffset reportedAt) => Account.AddMessages(
        new SimulatorMessage(Number, "79161234567", text) { LocalTime = DateTime.Parse(localTime), ReportedAt = reportedAt });

    /// <summary>Lets the time go on until something has happened.</summary>
    private protected Task UntilAsync(Func<Task<bool>> condition, Func<string>? what = null) => Eventually.TrueAsync(
        async () =>
        {
            var isMet = await condition();
            Clock.Advance(isMet ? TimeSpan.Zero : TimeSpan.FromSeconds(1));
            return isMet;
        },
        what ?? (() => "what was expected did not happen"), seconds: 30);

    private protected Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private protected static async Task<HttpStatusCode> PostAsync(RunningGateway gateway, string path)
    {
        using var response = await gateway.Client.PostAsync(path, null);
        return response.StatusCode;
    }

    /// <summary>Waits until the gateway and WEBSMS have nothing to do.</summary>
    private protected async Task SettleAsync(RunningGateway gateway)
    {
        await gateway.SettleAsync();
        await Account.WaitForCallsInFlightAsync(0);
    }
}

internal static class ProblemsOfPages
{
    /// <summary>The problems of a page with a reason.</summary>
    public static List<JsonElement> Problems(this PageRead page, string reason) =>
        [.. page.Body.GetProperty("problems").EnumerateArray().Where(problem => problem.GetProperty("reason").GetString() == reason)];
}
