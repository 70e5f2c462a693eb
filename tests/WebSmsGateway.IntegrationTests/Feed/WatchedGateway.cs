using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Feed;

/// <summary>A gateway with a freshness of 0.2 s, and the steps that the tests of waits and streams share.</summary>
internal static class WatchedGateway
{
    public const string Number = RunningGateway.Number;
    public const string OtherNumber = "79021234568";
    public const string StreamPath = $"/rented-numbers/{Number}/messages/stream";
    public const string PagePath = $"/rented-numbers/{Number}/messages?order=asc";

    public static RunningGateway Start(
        RunningSimulator simulator, SimulatedAccount account, TimeProvider? clock = null, params (string Key, string? Value)[] settings) =>
        RunningGateway.Start(simulator, account, clock, [("Cache:Freshness", "00:00:00.2"), ("Upstream:Retries", "0"), .. settings]);

    public static void Receive(this SimulatedAccount account, params IEnumerable<string> texts) =>
        account.AddMessages([.. texts.Select(text => new SimulatorMessage(Number, "Sberbank", text))]);

    /// <summary>Receives messages that are a few seconds old. Those of the second in which a reader begins may be new to it.</summary>
    public static void ReceiveEarlier(this SimulatedAccount account, params IEnumerable<string> texts) =>
        account.AddMessages([.. texts.Select(text => new SimulatorMessage(Number, "Sberbank", text) { LocalTime = MoscowNow().AddSeconds(-3) })]);

    /// <summary>Makes WEBSMS fail until <see cref="Recover"/>.</summary>
    public static void Fail(this SimulatedAccount account, FaultKind kind = FaultKind.Status) =>
        account.Behaviour = new SimulatorBehaviour
        {
            Faults = [new SimulatorFault { Kind = kind, Status = kind == FaultKind.Status ? 503 : null }],
        };

    public static void Recover(this SimulatedAccount account) => account.Behaviour = new SimulatorBehaviour();

    /// <summary>The account's local time, to the second.</summary>
    public static DateTime MoscowNow() =>
        WallClock.ToSecond(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(TimeProvider.System.GetUtcNow(), "Europe/Moscow").DateTime);

    public static int Polls(this RunningGateway gateway) => gateway.Services.GetRequiredService<ArchiveWatch>().Polls;

    public static List<string> Texts(this JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString()!)];

    public static string Next(this JsonElement page) => page.GetProperty("nextCursor").GetString()!;
}
