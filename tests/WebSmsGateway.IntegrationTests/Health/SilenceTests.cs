using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Health;

/// <summary>The silence of a number raises an alarm even if nobody reads the number.</summary>
public sealed class SilenceTests : IAsyncLifetime
{
    private const string Number = "79021234567";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 3, 11, 12, 0, 0, TimeSpan.FromHours(3)));
    private RunningSimulator? simulator;
    private SimulatedAccount? account;

    private SimulatedAccount Account => account!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync(clock);
        account = simulator.NewAccount();
    }

    public async Task DisposeAsync() => await simulator!.DisposeAsync();

    [Fact]
    public async Task Alarm_SilenceBeginsAndEnds_IsRaisedOnceAndClearedOnce()
    {
        Account.AddMessages(MessageAt(11, 59));
        await using var gateway = Start(("RentedNumbers:0:ExpectWithin", "00:10:00"));
        await WaitForAsync(gateway, "ok");
        Assert.Single(Account.Requests());

        for (var minute = 0; minute < 12; minute++)
        {
            await LookAgainAsync(gateway);
        }

        var silent = await WaitForAsync(gateway, "silent");
        Assert.Equal("RentedNumbers:0", silent.GetProperty("entry").GetString());
        Assert.Equal("7902*****67", silent.GetProperty("number").GetString());
        Assert.Equal(600, silent.GetProperty("expectWithinSeconds").GetDouble());
        Assert.True(silent.GetProperty("lastMessageAgeSeconds").GetDouble() > 600);
        await UntilAsync(() => Task.FromResult(LinesWith(gateway, "has received nothing for longer than 00:10:00").Count > 0));
        Assert.Single(LinesWith(gateway, "has received nothing for longer than 00:10:00"));

        Account.AddMessages(new SimulatorMessage(Number, "79161234567", "Тест"));
        await LookAgainAsync(gateway);
        await WaitForAsync(gateway, "ok");
        await UntilAsync(() => Task.FromResult(LinesWith(gateway, "is over").Count > 0));
        Assert.Single(LinesWith(gateway, "is over"));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Contains(Number, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alarm_LastMessageLongAgo_IsFoundWithoutReadingMoreThanItHasTo()
    {
        Account.AddMessages(new SimulatorMessage(Number, "900", "Баланс") { LocalTime = new(2025, 2, 20, 8, 0, 0) });
        await using var gateway = Start(("RentedNumbers:0:ExpectWithin", "60.00:00:00"));

        var report = await WaitForAsync(gateway, "ok");

        Assert.Equal((19 * 86_400) + (4 * 3600), report.GetProperty("lastMessageAgeSeconds").GetDouble(), tolerance: 1);
        Assert.InRange(Account.Requests().Count, 2, 3);
    }

    [Fact]
    public async Task Numbers_WithAndWithoutSilence_SayWhichTheyAre()
    {
        Account.AddMessages(MessageAt(11, 59));
        await using var gateway = Start(
            ("RentedNumbers:0:ExpectWithin", "00:10:00"), ("RentedNumbers:1:Number", "79021234568"),
            ("RentedNumbers:1:ExpectWithin", "00:10:00"), ("RentedNumbers:2:Number", "79021234569"));

        await UntilAsync(async () => await SilentAsync() == "79021234567:False 79021234568:True 79021234569:none");
        for (var minute = 0; minute < 12; minute++)
        {
            await LookAgainAsync(gateway);
        }

        await UntilAsync(async () => await SilentAsync() == "79021234567:True 79021234568:True 79021234569:none");

        async Task<string> SilentAsync() => string.Join(' ', (await gateway.GetAsync("/rented-numbers")).GetProperty("items").EnumerateArray()
            .Select(item => $"{item.GetProperty("number")}:{(item.TryGetProperty("silent", out var silent) ? silent.GetBoolean() : "none")}"));
    }

    [Fact]
    public async Task Alarm_NothingEver_IsRaised()
    {
        await using var gateway = Start(("RentedNumbers:0:ExpectWithin", "01:00:00"));

        var report = await WaitForAsync(gateway, "silent");

        Assert.Equal(JsonValueKind.Null, report.GetProperty("lastMessageAgeSeconds").ValueKind);
    }

    [Fact]
    public async Task Alarm_WhileWebSmsFails_IsNotRaisedBecauseNobodyKnows()
    {
        Account.AddMessages(MessageAt(11, 59));
        await using var gateway = Start(("RentedNumbers:0:ExpectWithin", "00:10:00"));
        await WaitForAsync(gateway, "ok");

        Account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(503)] };
        for (var minute = 0; minute < 15; minute++)
        {
            await LookAgainAsync(gateway);
        }

        await WaitForAsync(gateway, "ok");
        Assert.Empty(LinesWith(gateway, "Silence"));
    }

    private static SimulatorMessage MessageAt(int hour, int minute) =>
        new(Number, "79161234567", "Тест") { LocalTime = new(2025, 3, 11, hour, minute, 0) };

    private static List<string> LinesWith(RunningGateway gateway, string text) =>
        [.. gateway.Logs.Lines.Where(line => line.Contains(text, StringComparison.Ordinal))];

    private RunningGateway Start(params (string Key, string? Value)[] settings) => RunningGateway.Start(
        simulator!, Account, clock, [("Upstream:Retries", "0"), ("RentedNumbers:0:Number", Number), .. settings]);

    /// <summary>Lets a minute pass and waits until the alarm has read. An open circuit may prevent its call to WEBSMS.</summary>
    private async Task LookAgainAsync(RunningGateway gateway)
    {
        var history = gateway.Services.GetRequiredService<UpstreamHistory>();
        var before = history.Past;
        var refusals = LinesWith(gateway, "WEBSMS gave no answer").Count;
        clock.Advance(TimeSpan.FromSeconds(60));
        await UntilAsync(() =>
        {
            // The timer of a check may not have been set yet when the minute passed, so the clock moves on.
            clock.Advance(TimeSpan.FromMilliseconds(250));
            return Task.FromResult(history.Past != before || LinesWith(gateway, "WEBSMS gave no answer").Count > refusals);
        });
    }

    private static async Task<JsonElement> WaitForAsync(RunningGateway gateway, string state)
    {
        JsonElement report = default;
        await UntilAsync(async () =>
        {
            report = (await gateway.GetAsync("/health/ready")).GetProperty("silence")[0];
            return report.GetProperty("state").GetString() == state;
        });
        return report;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "What was waited for did not come.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }
}
