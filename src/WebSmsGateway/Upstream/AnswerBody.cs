using System.Buffers;
using System.IO.Compression;

namespace WebSmsGateway.Upstream;

/// <summary>
/// The bytes of one answer, read as they come and refused as soon as they pass the limit, compressed or not.
/// </summary>
/// <remarks>
/// Decompression is done here and not by the handler, which removes the length from the headers while at it:
/// without the length nobody can tell a whole body from one that was cut.
/// </remarks>
internal sealed class AnswerBody : IDisposable
{
    /// <summary>What to offer as <c>Accept-Encoding</c>.</summary>
    public const string Encodings = "gzip, deflate, br";

    private const int FirstBuffer = 64 * 1024;

    private byte[] buffer;
    private int length;

    private AnswerBody(int expected, bool lengthIsProven)
    {
        buffer = ArrayPool<byte>.Shared.Rent(expected);
        LengthIsProven = lengthIsProven;
    }

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>Whether the transport told where the body ends, so that a body cut short has been noticed.</summary>
    public bool LengthIsProven { get; }

    /// <summary>Why the body was not read to its end; null where it was.</summary>
    public UpstreamFailure? Failure { get; private set; }

    public static async Task<AnswerBody> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var content = response.Content;
        var packing = content.Headers.ContentEncoding.Count switch
        {
            0 => "identity",
            1 => content.Headers.ContentEncoding.First().ToLowerInvariant(),
            _ => "several",
        };
        var announced = content.Headers.ContentLength;
        var lengthIsProven = announced is not null || response.Headers.TransferEncodingChunked == true || response.Version.Major > 1;

        // Where the length is known one buffer is enough, with a byte to spare so that the end can be seen.
        var expected = packing == "identity" && announced <= limit ? (int)announced + 1 : FirstBuffer;
        var body = new AnswerBody(expected, lengthIsProven);
        try
        {
            var raw = await content.ReadAsStreamAsync(cancellationToken);
            await using var bytes = Unpack(raw, packing);
            if (bytes is null)
            {
                body.Failure = Refused("The answer is packed in an unknown way.");
            }
            else if (announced > limit || !await body.FillAsync(bytes, limit, cancellationToken))
            {
                body.Failure = new(UpstreamError.TooLong, "The answer is longer than the limit.");
            }
            else if (bytes != raw && await raw.ReadAsync(new byte[1], cancellationToken) != 0)
            {
                // A packed body says itself where it ends. The transport's end has to follow, or be seen to be missing.
                body.Failure = Refused("The answer goes on after its end.");
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            length = 0;
        }
    }

    private static UpstreamFailure Refused(string detail) => new(UpstreamError.InvalidResponse, detail);

    private static Stream? Unpack(Stream raw, string packing) => packing switch
    {
        "identity" => raw,
        "gzip" or "x-gzip" => new GZipStream(raw, CompressionMode.Decompress),
        "deflate" => new ZLibStream(raw, CompressionMode.Decompress),
        "br" => new BrotliStream(raw, CompressionMode.Decompress),
        _ => null,
    };

    private async Task<bool> FillAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * buffer.Length, Math.Max(limit + 1L, buffer.Length + 1L)));
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return true;
            }

            length += read;
            if (length > limit)
            {
                return false;
            }
        }
    }
}
