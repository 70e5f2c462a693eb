using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Tickets;

/// <summary>Makes tickets and reads with them.</summary>
internal static class TicketClient
{
    public const string Day = "from=2024-05-20&to=2024-05-20";

    public static readonly DateTime Noon = new(2024, 5, 20, 12, 0, 0);

    /// <summary>Asks for a ticket.</summary>
    /// <param name="maker">A client with credentials.</param>
    /// <param name="body">The JSON; null for no body.</param>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(
        HttpClient maker, string? body = null, string query = "", string mediaType = "application/json")
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, mediaType);
        using var response = await maker.PostAsync(new Uri($"/tickets{query}", UriKind.Relative), content);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Makes a ticket.</summary>
    public static async Task<string> MakeAsync(HttpClient maker, string? body = null)
    {
        var (status, answer) = await AskAsync(maker, body);
        Assert.True(status == HttpStatusCode.Created, $"{status} {answer}");
        return answer.GetProperty("ticket").GetString()!;
    }

    /// <summary>A client that sends a ticket as a bearer token.</summary>
    public static HttpClient ClientOf(RunningGateway gateway, string ticket)
    {
        var client = gateway.NewClient(key: null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ticket);
        return client;
    }

    /// <summary>Reads with a ticket in the query.</summary>
    public static async Task<(int Status, string Body)> GetAsync(RunningGateway gateway, string path, string ticket)
    {
        using var client = gateway.NewClient(key: null);
        using var response = await client.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}ticket={ticket}");
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static async Task<int> StatusOfAsync(RunningGateway gateway, string path, string ticket) =>
        (await GetAsync(gateway, path, ticket)).Status;
}
