using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Archive;

/// <summary>A page as a caller sees it.</summary>
internal sealed record PageRead(HttpStatusCode Status, JsonElement Body, string CacheStatus)
{
    public IEnumerable<string> Texts => Items.Select(item => item.GetProperty("text").GetString()!);

    public IEnumerable<JsonElement> Items => Body.GetProperty("items").EnumerateArray();

    public bool IsStale => Body.GetProperty("stale").GetBoolean();

    public DateTimeOffset CompleteUntil => Body.GetProperty("completeUntil").GetDateTimeOffset();
}

/// <summary>Reads pages, and waits for the fetches in the background.</summary>
internal static class PageReads
{
    public const string Number = RunningGateway.Number;

    /// <summary>Reads all messages of some days.</summary>
    /// <param name="gateway">The gateway to ask.</param>
    /// <param name="from">First day, <c>yyyy-MM-dd</c>.</param>
    /// <param name="to">Last day; null: today.</param>
    /// <param name="number">Null: all numbers.</param>
    /// <param name="query">More of the query, such as <c>&amp;limit=1</c>.</param>
    public static async Task<PageRead> ReadAsync(
        this RunningGateway gateway, string from, string? to = null, string? number = Number, string query = "&limit=1000")
    {
        var path = number is null ? "/messages" : $"/rented-numbers/{number}/messages";
        using var response = await gateway.Client.GetAsync($"{path}?from={from}{(to is null ? "" : $"&to={to}")}{query}");
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        var status = response.Headers.TryGetValues("Cache-Status", out var values) ? string.Join(", ", values) : "";
        return new PageRead(response.StatusCode, body, status);
    }

    /// <summary>Waits until no fetch is in progress.</summary>
    public static Task SettleAsync(this RunningGateway gateway) =>
        Eventually.TrueAsync(() => gateway.Services.GetRequiredService<MemoryTier>().Fetches == 0, "a question is still on its way");

    /// <summary>A message that arrives at a local time.</summary>
    public static void Receive(this SimulatedAccount account, string localTime, string text, string number = Number) =>
        account.AddMessages(new SimulatorMessage(number, "79161234567", text) { LocalTime = DateTime.Parse(localTime) });

    /// <summary>The question that a call asked: its number, first and last second.</summary>
    public static string Question(this SimulatorRequest request) =>
        $"{request.Parameters.GetValueOrDefault("rentnum", "*")} {request.Parameters["startdate"]} - {request.Parameters["enddate"]}";
}
