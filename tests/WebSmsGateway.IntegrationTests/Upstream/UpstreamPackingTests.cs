using System.Text;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>Answers that come packed, or say so.</summary>
public sealed class UpstreamPackingTests
{
    private static readonly byte[] Message = Encoding.UTF8.GetBytes(Reply.Message);

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip", "X-GZip")]
    [InlineData("deflate", "deflate")]
    [InlineData("raw deflate", "deflate")]
    [InlineData("br", "br")]
    public async Task AskAsync_PackedBody_IsUnpacked(string packing, string encoding)
    {
        var packed = Reply.Packed(Message, packing);
        await using var server = new ScriptedServer(
            Reply.Ok(packed, $"Content-Encoding: {encoding}\r\n"),
            Reply.Chunked(packed, $"Content-Encoding: {encoding}\r\n"),
            Reply.WithoutLength(packed, $"Content-Encoding: {encoding}\r\n"));
        await using var host = new UpstreamHost(server.Address());

        for (var way = 0; way < 3; way++)
        {
            var answer = await host.AskAsync();
            Assert.Null(answer.Failure);
            Assert.True(answer.IsWhole);
            Assert.Equal("Тест", Assert.Single(answer.Records).Message);
        }
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("windows-1251")]
    [InlineData("identity")]
    [InlineData("none")]
    [InlineData("binary, utf-8")]
    [InlineData("")]
    [InlineData("not a token")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("gzip, deflate")]
    public async Task AskAsync_PackingNamedThatTheBodyDoesNotHave_IsReadAsItStands(string encoding)
    {
        await using var server = new ScriptedServer(Reply.Ok(Message, $"Content-Encoding: {encoding}\r\n"));
        await using var host = new UpstreamHost(server.Address());

        Assert.Equal("Тест", Assert.Single((await host.AskAsync()).Records).Message);
    }

    [Fact]
    public async Task AskAsync_PackedTwice_IsUnpackedTwice()
    {
        await using var server = new ScriptedServer(
            Reply.Ok(Reply.Packed(Reply.Packed(Message, "raw deflate"), "gzip"), "Content-Encoding: deflate, utf-8, gzip\r\n"));
        await using var host = new UpstreamHost(server.Address());

        Assert.Equal("Тест", Assert.Single((await host.AskAsync()).Records).Message);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task AskAsync_BytesBehindThePackedEnd_DoNotCount(string encoding)
    {
        await using var server = new ScriptedServer(
            Reply.Ok([.. Reply.Packed(Message, encoding), 0, 0, 13, 10], $"Content-Encoding: {encoding}\r\n"));
        await using var host = new UpstreamHost(server.Address());

        var answer = await host.AskAsync();

        Assert.Equal("Тест", Assert.Single(answer.Records).Message);
        Assert.True(answer.IsWhole);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("raw deflate", "deflate")]
    [InlineData("br", "br")]
    public async Task AskAsync_PackedBodyCutAnywhere_IsNeverAWholeAnswer(string packing, string encoding)
    {
        var packed = Reply.Packed(Message, packing);
        var failures = new List<string>();
        for (var missing = 1; missing < packed.Length; missing++)
        {
            await using var server = new ScriptedServer(
                Reply.Ok(packed, $"Content-Encoding: {encoding}\r\n", missing),
                Reply.WithoutLength(packed[..^missing], $"Content-Encoding: {encoding}\r\n"));
            await using var host = new UpstreamHost(server.Address());
            for (var way = 0; way < 2; way++)
            {
                // Without a length the checksum after the last block may be missing, but no byte of the answer itself.
                var answer = await host.AskAsync();
                var isRead = answer.Records is [{ Message: "Тест" }] && (way == 1 || answer.IsCut);
                if (answer.Failure?.Error is not (UpstreamError.Truncated or UpstreamError.InvalidResponse) && !isRead)
                {
                    failures.Add($"{missing} bytes missing, way {way}: {answer.Failure}");
                }
            }
        }

        Assert.Empty(failures);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task AskAsync_PackedBodyWithAnyByteChanged_IsAnAnswerOrInvalid(string encoding)
    {
        var packed = Reply.Packed(Message, encoding);
        var replies = new List<Func<Stream, CancellationToken, Task>>();
        for (var place = 0; place < packed.Length; place++)
        {
            byte[] changed = [.. packed];
            changed[place] ^= 0x55;
            replies.Add(Reply.Ok(changed, $"Content-Encoding: {encoding}\r\n"));
        }

        await using var server = new ScriptedServer([.. replies]);
        for (var place = 0; place < packed.Length; place++)
        {
            // Some are network faults: with one host for all the circuit would open.
            await using var host = new UpstreamHost(server.Address());
            var answer = await host.AskAsync();
            Assert.True(answer.Failure is null or { Error: UpstreamError.Truncated or UpstreamError.InvalidResponse }, $"{place}: {answer.Failure}");
        }
    }

    [Fact]
    public async Task AskAsync_PackingThatNobodyOffered_IsInvalid()
    {
        await using var server = new ScriptedServer(Reply.Ok(Message, "Content-Encoding: zstd\r\n"));
        await using var host = new UpstreamHost(server.Address());

        Assert.Equal(UpstreamError.InvalidResponse, (await host.AskAsync()).Failure?.Error);
    }
}
