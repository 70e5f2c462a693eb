using System.Text;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Upstream;

public sealed class UpstreamAnswerTests
{
    private static readonly byte[] Message = Encoding.UTF8.GetBytes(Reply.Message);

    [Fact]
    public async Task AskAsync_Records_AreVerifiedAndWhole()
    {
        await using var server = new ScriptedServer(Reply.Ok(Reply.Message));
        await using var host = new UpstreamHost(server.Address());

        var answer = await host.AskAsync();

        Assert.Null(answer.Failure);
        Assert.True(answer.IsWhole);
        Assert.Equal(Message.Length, answer.Bytes);
        var record = Assert.Single(answer.Records);
        Assert.Equal(new DateTime(2021, 1, 1, 9, 45, 4), record.Date);
        Assert.Equal("Тест", record.Message);
    }

    [Theory]
    [InlineData(1, UpstreamError.CredentialsMissing)]
    [InlineData(2, UpstreamError.CredentialsRejected)]
    [InlineData(3, UpstreamError.InvalidDate)]
    [InlineData(99, UpstreamError.OtherErrorNumber)]
    public async Task AskAsync_ErrorNumber_IsTheFailureOfThatNumber(int number, object error)
    {
        await using var server = new ScriptedServer(Reply.ErrorNumber(number));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Retries", "2"));

        var answer = await host.AskAsync();

        Assert.Equal((UpstreamError)error, answer.Failure?.Error);
        Assert.Equal(number, answer.Failure?.ErrorNumber);
        Assert.NotEmpty(answer.Failure!.Detail);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task AskAsync_NoRecordsFound_IsAnAnswerWithoutRecords()
    {
        await using var server = new ScriptedServer(Reply.ErrorNumber(4));
        await using var host = new UpstreamHost(server.Address());

        var answer = await host.AskAsync();

        Assert.Null(answer.Failure);
        Assert.True(answer.IsWhole);
        Assert.Empty(answer.Records);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(204)]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task AskAsync_UnexpectedStatus_IsInvalidAndNothingIsFollowed(int status)
    {
        await using var elsewhere = new ScriptedServer(Reply.Ok(Reply.Message));
        await using var server = new ScriptedServer(Reply.Status(status, $"Location: {elsewhere.Address()}\r\n"));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Retries", "2"));

        var answer = await host.AskAsync();

        Assert.Equal(UpstreamError.InvalidResponse, answer.Failure?.Error);
        Assert.Single(server.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>Технические работы</body></html>")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\0\u0001\u0002")]
    public async Task AskAsync_NotTheProtocol_IsInvalidAndNotAskedAgain(string body)
    {
        await using var server = new ScriptedServer(Reply.Ok(body));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Retries", "2"));

        var answer = await host.AskAsync();

        Assert.Equal(UpstreamError.InvalidResponse, answer.Failure?.Error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task AskAsync_BodyCutAnywhere_IsNeverAWholeAnswer()
    {
        var failures = new List<string>();
        for (var missing = 1; missing <= Message.Length; missing++)
        {
            var cut = Message[..^missing];
            await using var server = new ScriptedServer(
                Reply.Ok(Message, missing: missing), Reply.WithoutLength(cut), Reply.Chunked(cut, ended: false), Reply.Chunked(cut));
            await using var host = new UpstreamHost(server.Address());
            for (var way = 0; way < 4; way++)
            {
                // A cut is a network fault. One host gets only a few questions, or its circuit would open.
                var answer = await host.AskAsync();
                var isCut = answer is { IsCut: true, IsWhole: false, Records: [{ Message: "Тест" }] };
                if (answer.Failure?.Error is not (UpstreamError.Truncated or UpstreamError.InvalidResponse) && !isCut)
                {
                    failures.Add($"{missing} bytes missing, way {way}: {answer.Failure}");
                }
            }
        }

        Assert.Empty(failures);
    }

    [Fact]
    public async Task AskAsync_BodyWithoutLengthButWithItsEnd_IsWhole()
    {
        await using var server = new ScriptedServer(Reply.WithoutLength(Message));
        await using var host = new UpstreamHost(server.Address());

        var answer = await host.AskAsync();

        Assert.Null(answer.Failure);
        Assert.True(answer.IsWhole);
    }

    [Fact]
    public async Task AskAsync_Txt_IsWholeOnlyWhereTheTransportReportsTheLength()
    {
        var txt = Encoding.UTF8.GetBytes(
            "[1]\r\nin_date=01.01.2021 09:45:04\r\nrentnum=79123456789\r\ntelnum=79087654321\r\nmessage=Тест\r\n");
        await using var server = new ScriptedServer(
            Reply.Ok(txt), Reply.Chunked(txt), Reply.WithoutLength(txt), Reply.Ok(Reply.Packed(txt, "gzip"), "Content-Encoding: gzip\r\n"));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Format", "txt"));

        foreach (var isWhole in new[] { true, true, false, true })
        {
            var answer = await host.AskAsync();
            Assert.Null(answer.Failure);
            Assert.Equal(isWhole, answer.IsWhole);

            // If the end is not proven, the last text may be longer. It is a problem and not a record.
            Assert.Equal(isWhole ? ["Тест"] : [], answer.Records.Select(record => record.Message));
            Assert.Equal(isWhole ? 0 : 1, answer.Problems.Count);
        }
    }

    [Fact]
    public async Task AskAsync_LongerThanTheLimit_IsRefusedWhileItIsRead()
    {
        var bomb = Reply.Packed(new byte[64 * 1024 * 1024], "gzip");
        await using var server = new ScriptedServer(
            Reply.Endless,
            Reply.Raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "[]"u8.ToArray()),
            Reply.Ok(bomb, "Content-Encoding: gzip\r\n"),
            Reply.Ok(new string(' ', 1024 * 1024 + 1)));
        await using var host = new UpstreamHost(
            server.Address(), null, ("Upstream:MaxAnswerMegabytes", "1"), ("Upstream:Timeout", "00:01:00"));

        for (var way = 0; way < 4; way++)
        {
            Assert.Equal(UpstreamError.TooLong, (await host.AskAsync()).Failure?.Error);
        }
    }

    [Fact]
    public async Task AskAsync_ExactlyAsLongAsTheLimit_IsRead()
    {
        var body = "[" + new string(' ', 1024 * 1024 - 2) + "]";
        await using var server = new ScriptedServer(Reply.Ok(body), Reply.Chunked(Encoding.ASCII.GetBytes(body)));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:MaxAnswerMegabytes", "1"));

        for (var way = 0; way < 2; way++)
        {
            var answer = await host.AskAsync();
            Assert.Null(answer.Failure);
            Assert.Equal(1024 * 1024, answer.Bytes);
        }
    }

    [Fact]
    public async Task AskAsync_NotHttp_IsInvalid()
    {
        await using var server = new ScriptedServer(Reply.Raw("SSH-2.0-OpenSSH_9.2\r\n\r\n", []));
        await using var host = new UpstreamHost(server.Address());

        Assert.Equal(UpstreamError.InvalidResponse, (await host.AskAsync()).Failure?.Error);
    }

    [Fact]
    public async Task AskAsync_HeadersTooLong_IsInvalid()
    {
        await using var server = new ScriptedServer(Reply.Ok("[]", $"X-Long: {new string('x', 40 * 1024)}\r\n"));
        await using var host = new UpstreamHost(server.Address());

        Assert.Equal(UpstreamError.InvalidResponse, (await host.AskAsync()).Failure?.Error);
    }
}
