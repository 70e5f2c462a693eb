using System.Net;
using System.Text.Json;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>An event, as a browser would dispatch it. An event without a type is an id alone or a heartbeat.</summary>
internal sealed record StreamEvent(string? Type, string? Id, string Data)
{
    public string Text => JsonDocument.Parse(Data).RootElement.GetProperty("text").GetString()!;
}

/// <summary>A client of a stream that follows the specification: an event ends with its blank line.</summary>
internal sealed class EventStream : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private EventStream(HttpResponseMessage response, Stream body)
    {
        this.response = response;
        reader = new StreamReader(body);
    }

    public HttpResponseMessage Response => response;

    /// <summary>The id that a browser would send on reconnecting.</summary>
    public string? LastId { get; private set; }

    /// <summary>Comment lines so far.</summary>
    public int Comments { get; private set; }

    public static async Task<EventStream> OpenAsync(HttpClient client, string path, string? lastId = null)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new EventStream(response, await response.Content.ReadAsStreamAsync(timeout.Token));
    }

    /// <summary>Opens a stream and reads its first id. Messages that arrive after that are new to the stream.</summary>
    public static async Task<EventStream> OpenAtNowAsync(HttpClient client, string path)
    {
        var stream = await OpenAsync(client, path);
        while (stream.LastId is null)
        {
            Assert.Null(Assert.IsType<StreamEvent>(await stream.NextAsync()).Type);
        }

        return stream;
    }

    /// <summary>The next event, ids alone included; null at the end of the stream.</summary>
    public async Task<StreamEvent?> NextAsync(CancellationToken cancellationToken = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Deadline);
        string? type = null;
        string? id = null;
        var data = "";
        while (await reader.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Length == 0)
            {
                LastId = id ?? LastId;
                if (type is not null || id is not null)
                {
                    return new StreamEvent(type, id, data);
                }
            }
            else if (line[0] == ':')
            {
                Comments++;
            }
            else
            {
                var colon = line.IndexOf(": ", StringComparison.Ordinal);
                var (field, value) = (line[..colon], line[(colon + 2)..]);
                (type, id, data) = field switch
                {
                    "event" => (value, id, data),
                    "id" => (type, value, data),
                    "data" => (type, id, data + value),
                    _ => throw new InvalidDataException($"An event has no field '{field}'."),
                };
            }
        }

        return null;
    }

    /// <summary>The next event of a type. Ids alone and heartbeats are skipped, and another type fails the test.</summary>
    public async Task<StreamEvent> NextAsync(string type)
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new EndOfStreamException($"The stream ended before a {type}.");
            if (next.Type is not null)
            {
                Assert.Equal(type, next.Type);
                return next;
            }
        }
    }

    /// <summary>The texts of the next messages.</summary>
    public async Task<List<string>> TextsAsync(int count)
    {
        var texts = new List<string>();
        while (texts.Count < count)
        {
            texts.Add((await NextAsync("message")).Text);
        }

        return texts;
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
