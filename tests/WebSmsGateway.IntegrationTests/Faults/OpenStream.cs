using System.Net;
using System.Net.ServerSentEvents;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>A stream of Server-Sent Events that a test holds open. It returns only complete events.</summary>
internal sealed class OpenStream : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly HttpResponseMessage response;
    private readonly IAsyncEnumerator<SseItem<string>> events;

    private OpenStream(HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
    {
        this.response = response;
        events = SseParser.Create(body).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Opens a stream, or fails the test.</summary>
    public static async Task<OpenStream> StartAsync(HttpClient client, string path)
    {
        var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new OpenStream(response, await response.Content.ReadAsStreamAsync(), CancellationToken.None);
    }

    /// <summary>Returns the next event, or fails the test.</summary>
    public async Task<SseItem<string>> NextAsync()
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Timeout, TimeProvider.System), "The stream ended.");
        return events.Current;
    }

    public ValueTask DisposeAsync()
    {
        // The enumerator may be reading. The read ends with the connection.
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
