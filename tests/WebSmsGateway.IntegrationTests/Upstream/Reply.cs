using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>Replies for a <see cref="ScriptedServer"/>.</summary>
internal static class Reply
{
    public const string Message =
        """[{"sms_date":"01.01.2021 9:45:04", "rentnum":"79123456789", "telnum":"79087654321", "message":"Тест"}]""";

    /// <summary>HTTP 200 with a length.</summary>
    public static Func<Stream, CancellationToken, Task> Ok(string body, string headers = "") => Ok(Encoding.UTF8.GetBytes(body), headers);

    public static Func<Stream, CancellationToken, Task> Ok(byte[] body, string headers = "", int missing = 0) =>
        Raw($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n{headers}Connection: close\r\n\r\n", body[..^missing]);

    /// <summary>HTTP 200 without a length. The end of the connection is the end of the body.</summary>
    public static Func<Stream, CancellationToken, Task> WithoutLength(byte[] body, string headers = "") =>
        Raw($"HTTP/1.1 200 OK\r\n{headers}Connection: close\r\n\r\n", body);

    public static Func<Stream, CancellationToken, Task> Chunked(byte[] body, string headers = "", bool ended = true) =>
        Raw(
            $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{headers}Connection: close\r\n\r\n",
            [.. Encoding.ASCII.GetBytes(body.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. body,
             .. Encoding.ASCII.GetBytes(ended ? "\r\n0\r\n\r\n" : "\r\n")]);

    public static Func<Stream, CancellationToken, Task> Status(int status, string headers = "", string body = "") =>
        Raw(
            $"HTTP/1.1 {status} Whatever\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}Connection: close\r\n\r\n",
            Encoding.UTF8.GetBytes(body));

    public static Func<Stream, CancellationToken, Task> ErrorNumber(int number) =>
        Ok($$"""{"error error_num":"{{number}}", "error_message":"…", "sender_ip":"194.1.1.1", "telnum":"", "rentnum":""}""");

    /// <summary>Closes the connection without a reply.</summary>
    public static Task Nothing(Stream stream, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends nothing and keeps the connection open.</summary>
    public static Task Silence(Stream stream, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <summary>A chunked body without an end.</summary>
    public static async Task Endless(Stream stream, CancellationToken cancellationToken)
    {
        await Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", [])(stream, cancellationToken);
        var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string('[', 0x10000) + "\r\n");
        while (!cancellationToken.IsCancellationRequested)
        {
            await stream.WriteAsync(chunk, cancellationToken);
        }
    }

    public static byte[] Packed(byte[] body, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream packing = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "raw deflate" => new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            packing.Write(body);
        }

        return packed.ToArray();
    }

    public static Func<Stream, CancellationToken, Task> Raw(string head, byte[] body) => async (stream, cancellationToken) =>
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], cancellationToken);
}
