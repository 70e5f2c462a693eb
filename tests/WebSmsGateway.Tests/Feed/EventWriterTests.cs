using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Feed;

namespace WebSmsGateway.Tests.Feed;

public sealed class EventWriterTests
{
    private static readonly byte[] Problem = """{"code":"unauthenticated"}"""u8.ToArray();

    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 64, resumeWriterThreshold: 32));
    private readonly DefaultHttpContext context = new();
    private readonly ConnectionEnd connection = new();
    private readonly EventWriter writer;

    public EventWriterTests()
    {
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(pipe.Writer.AsStream()));
        context.Features.Set<IHttpRequestLifetimeFeature>(connection);
        writer = new EventWriter(context, new FakeTimeProvider());
    }

    [Fact]
    public async Task End_ReaderHasEverything_SendsALastProblem()
    {
        writer.WriteHeartbeat();
        Assert.True(await writer.FlushAsync(CancellationToken.None));
        await ReadAsync();

        await writer.EndAsync(Problem);

        Assert.Equal("event: problem\ndata: {\"code\":\"unauthenticated\"}\n\n", await ReadAsync());
        Assert.False(connection.IsCut);
    }

    [Fact]
    public async Task End_ReaderHasNotTakenTheLastEvents_CutsTheConnection()
    {
        using var ended = new CancellationTokenSource();
        writer.Message("id", new byte[200]);
        var flush = writer.FlushAsync(ended.Token);
        Assert.False(flush.IsCompleted);

        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        await writer.EndAsync(Problem);

        Assert.True(connection.IsCut);
    }

    [Fact]
    public async Task End_EventsAreNotSentYet_CutsTheConnection()
    {
        writer.Message("id", "{}"u8);

        await writer.EndAsync(Problem);

        Assert.True(connection.IsCut);
        Assert.False(pipe.Reader.TryRead(out _));
    }

    private async Task<string> ReadAsync()
    {
        var result = await pipe.Reader.ReadAsync();
        var text = Encoding.UTF8.GetString(result.Buffer);
        pipe.Reader.AdvanceTo(result.Buffer.End);
        return text;
    }

    private sealed class ConnectionEnd : IHttpRequestLifetimeFeature
    {
        public bool IsCut { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsCut = true;
    }
}
