using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>
/// A simulator on its own port. Each test takes its own account from <see cref="NewAccount"/>, sets its messages and behaviour, and reads
/// its calls.
/// </summary>
public sealed class RunningSimulator : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningSimulator(WebApplication app)
    {
        this.app = app;
        BaseAddress = new Uri(app.Urls.First() + "/");
        Client = new HttpClient { BaseAddress = BaseAddress };
    }

    /// <summary>Its address, which ends in <c>/</c>.</summary>
    public Uri BaseAddress { get; }

    public SimulatorState State => app.Services.GetRequiredService<SimulatorState>();

    /// <summary>A client for this simulator.</summary>
    public HttpClient Client { get; }

    /// <param name="clock">Its clock; null for that of the system.</param>
    /// <param name="configure">Further configuration, such as a certificate.</param>
    /// <param name="url">Its address.</param>
    public static async Task<RunningSimulator> StartAsync(
        TimeProvider? clock = null, Action<WebApplicationBuilder>? configure = null, string url = "http://127.0.0.1:0")
    {
        var app = SimulatorApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(url);
            builder.Services.AddSingleton(clock ?? TimeProvider.System);

            // Gateways with clocks of their own share a simulator, and must not take its date for the time of WEBSMS.
            builder.Configuration["Simulator:SendDate"] = clock is null ? "false" : "true";
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return new RunningSimulator(app);
    }

    /// <summary>A new account with a unique name and password.</summary>
    public SimulatedAccount NewAccount() => State.AddAccount($"user-{Guid.NewGuid():N}", $"secret-{Guid.NewGuid():N}");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }
}

/// <summary>Waits for calls to an account.</summary>
internal static class SimulatedAccountWaits
{
    /// <summary>Waits until the log of the account has that many calls, answered or not.</summary>
    public static Task WaitForCallsAsync(this SimulatedAccount account, int count) =>
        WaitAsync(() => account.Requests().Count >= count, () => $"{account.Requests().Count} calls of {count} came");

    /// <summary>Waits until that many calls are held at once.</summary>
    public static Task WaitForCallsInFlightAsync(this SimulatedAccount account, int count) =>
        WaitAsync(() => account.CallsInFlight == count, () => $"{account.CallsInFlight} calls are in flight, not {count}");

    /// <summary>Waits until the last call has that outcome, such as <c>delay</c> or <c>hang</c>.</summary>
    public static Task WaitForOutcomeAsync(this SimulatedAccount account, string outcome) =>
        WaitAsync(
            () => account.Requests() is [.., var last] && last.Outcome == outcome,
            () => $"the last call is not at '{outcome}'");

    private static Task WaitAsync(Func<bool> condition, Func<string> what) =>
        Eventually.TrueAsync(() => Task.FromResult(condition()), what);
}
