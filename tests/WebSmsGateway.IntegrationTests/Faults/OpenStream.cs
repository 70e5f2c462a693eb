using System.Net;
using System.Net.ServerSentEvents;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>A stream of Server-Sent Events that a test holds open. Only whole events come out of it.</summary>
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

    /// <summary>Opens a stream that has to open.</summary>
    public static async Task<OpenStream> StartAsync(HttpClient client, string path)
    {
        var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new OpenStream(response, await response.Content.ReadAsStreamAsync(), CancellationToken.None);
    }

    /// <summary>The next event, which has to come.</summary>
    public async Task<SseItem<string>> NextAsync()
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Timeout, TimeProvider.System), "The stream ended.");
        return events.Current;
    }

    public ValueTask DisposeAsync()
    {
        // The enumerator may be in the middle of a read, which ends with the connection.
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
