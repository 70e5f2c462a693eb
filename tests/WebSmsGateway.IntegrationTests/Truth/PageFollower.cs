using System.Net.Http.Json;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>A message as a follower got it.</summary>
internal sealed record Given(string Id, string Text, DateTimeOffset ReceivedAt);

/// <summary>A caller who reads page after page, each with the cursor of the page before.</summary>
internal sealed class PageFollower
{
    private readonly Func<HttpClient> next;
    private readonly string path;

    /// <param name="next">The client of the next request. It may lead to another replica each time.</param>
    /// <param name="query">The query without a cursor, such as <c>from=2026-03-14&amp;limit=7</c>.</param>
    /// <param name="cursor">The cursor to begin with; null for the start of the query.</param>
    /// <param name="order">The order of the walk.</param>
    public PageFollower(Func<HttpClient> next, string query, string? cursor = null, string order = "asc")
    {
        this.next = next;
        path = $"/messages?order={order}&{query}";
        Cursor = cursor;
    }

    public PageFollower(RunningGateway gateway, string query, string? cursor = null, string order = "asc")
        : this(() => gateway.Client, query, cursor, order)
    {
    }

    /// <summary>Everything that it got, in order.</summary>
    public List<Given> Messages { get; } = [];

    public IEnumerable<string> Texts => Messages.Select(message => message.Text);

    public string? Cursor { get; private set; }

    /// <summary>Reads one page.</summary>
    public async Task<JsonElement> ReadAsync(string more = "")
    {
        using var response = await SendAsync(more);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {body}");
        Take(body);
        return body;
    }

    /// <summary>Reads one page, if the gateway can give one.</summary>
    /// <returns>Whether there was a page.</returns>
    public async Task<bool> TryReadAsync(string more = "")
    {
        using var response = await SendAsync(more);
        Assert.NotEqual(System.Net.HttpStatusCode.InternalServerError, response.StatusCode);
        if (response.IsSuccessStatusCode)
        {
            Take(await response.Content.ReadFromJsonAsync<JsonElement>());
        }

        return response.IsSuccessStatusCode;
    }

    /// <summary>Reads pages until one is empty or the walk has an end.</summary>
    /// <returns>The texts that came.</returns>
    public async Task<List<string>> ReadAllAsync()
    {
        var before = Messages.Count;
        int count;
        do
        {
            count = Messages.Count;
            await ReadAsync();
        }
        while (Messages.Count > count && Cursor is not null);

        return [.. Texts.Skip(before)];
    }

    private Task<HttpResponseMessage> SendAsync(string more) =>
        next().GetAsync($"{path}{(Cursor is null ? "" : $"&cursor={Cursor}")}{more}");

    private void Take(JsonElement page)
    {
        foreach (var item in page.GetProperty("items").EnumerateArray())
        {
            Messages.Add(new Given(
                item.GetProperty("id").GetString()!,
                item.GetProperty("text").GetString()!,
                item.GetProperty("receivedAt").GetDateTimeOffset()));
        }

        Cursor = page.TryGetProperty("nextCursor", out var cursor) ? cursor.GetString() : null;
        Assert.True(Cursor is null or { Length: < 120 }, $"A cursor has {Cursor?.Length} characters.");
    }
}
