using System.Buffers;
using System.IO.Compression;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Upstream;

/// <summary>
/// The bytes of one answer, read as they come and refused as soon as they pass the limit, compressed or not. Memory is charged before it is
/// taken.
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

    private readonly int limit;
    private readonly AnswerCharge charge;
    private readonly AttemptDeadline deadline;
    private byte[] buffer = [];
    private int length;

    private AnswerBody(int limit, AnswerCharge charge, AttemptDeadline deadline) =>
        (this.limit, this.charge, this.deadline) = (limit, charge, deadline);

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>Whether the transport told where the body ends, and whether that end came.</summary>
    public WireEnd End { get; private set; }

    /// <summary>Why the body was not read to its end; null where it was.</summary>
    public UpstreamFailure? Failure { get; private set; }

    /// <summary>Reads a body.</summary>
    /// <param name="response">The response.</param>
    /// <param name="limit">The length of the longest answer.</param>
    /// <param name="charge">The room that it has. It grows with what is read.</param>
    /// <param name="deadline">The time-out, which stands still while the answer waits for room.</param>
    public static async Task<AnswerBody> ReadAsync(HttpResponseMessage response, int limit, AnswerCharge charge, AttemptDeadline deadline)
    {
        var content = response.Content;
        var announced = content.Headers.ContentLength;
        var isFramed = announced is not null || response.Headers.TransferEncodingChunked == true || response.Version.Major > 1;

        // Where the length is known one buffer is enough, with a byte to spare so that the end can be seen.
        var body = new AnswerBody(limit, charge, deadline);
        try
        {
            body.End = isFramed ? WireEnd.Proven : WireEnd.Unproven;
            if (announced > limit)
            {
                body.Failure = TooLong;
                return body;
            }

            var raw = await content.ReadAsStreamAsync(deadline.Token);
            await body.GrowAsync((int)(announced ?? FirstBuffer) + 1, beside: 0);
            await body.FillAsync(raw, beside: 0);

            // The coding that was put on last comes off first.
            foreach (var coding in content.Headers.ContentEncoding.Reverse().TakeWhile(_ => body.Failure is null))
            {
                await body.UnpackAsync(coding);
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

    private static UpstreamFailure TooLong { get; } = new(UpstreamError.TooLong, "The answer is longer than the limit.");

    /// <summary>The ways to read a coding; none for a word that is no coding, such as a charset in the wrong header.</summary>
    private static Func<Stream, Stream>[]? ReadersOf(string coding) => coding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => [packed => new GZipStream(packed, CompressionMode.Decompress)],

        // With the wrapper that the standard asks for, and raw, as old servers send it.
        "deflate" =>
        [
            packed => new ZLibStream(packed, CompressionMode.Decompress), packed => new DeflateStream(packed, CompressionMode.Decompress),
        ],
        "br" => [packed => new BrotliStream(packed, CompressionMode.Decompress)],
        "zstd" or "compress" or "x-compress" or "dcb" or "dcz" or "exi" or "pack200-gzip" or "aes128gcm" => null,
        _ => [],
    };

    private async Task UnpackAsync(string coding)
    {
        if (ReadersOf(coding) is not { } readers)
        {
            Failure = new(UpstreamError.InvalidResponse, "The answer is packed in an unknown way.");
            return;
        }

        // Bytes that no reader can begin to read are not packed at all, and stand as they are.
        foreach (var reader in readers)
        {
            using var unpacked = new AnswerBody(limit, charge, deadline);
            await unpacked.GrowAsync(FirstBuffer, length);
            await using var bytes = reader(new MemoryStream(buffer, 0, length));
            if (await unpacked.FillAsync(bytes, length) || unpacked.length > 0)
            {
                (buffer, unpacked.buffer) = (unpacked.buffer, buffer);
                length = unpacked.length;
                Failure = unpacked.Failure;
                End = unpacked.End == WireEnd.Cut ? WireEnd.Cut : End;
                return;
            }
        }
    }

    /// <summary>Takes a larger buffer, as soon as there is room for it.</summary>
    /// <param name="size">Its size.</param>
    /// <param name="beside">The bytes of another buffer that is held too.</param>
    private async Task GrowAsync(int size, int beside)
    {
        var wanted = Math.Min((long)size + beside, limit);
        if (!charge.TryGrow(wanted))
        {
            await deadline.PauseAsync(token => charge.GrowAsync(wanted, token));
        }

        var larger = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(0, length).CopyTo(larger);
        var old = buffer;
        buffer = larger;
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }

    /// <returns>False where the stream broke off. What came before that is kept.</returns>
    private async Task<bool> FillAsync(Stream stream, int beside)
    {
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    await GrowAsync((int)Math.Min(2L * length, Math.Max(limit + 1L, length + 1L)), beside);
                }

                var read = await stream.ReadAsync(buffer.AsMemory(length), deadline.Token);
                length += read;
                Failure = length > limit ? TooLong : null;
                if (read == 0 || Failure is not null)
                {
                    return true;
                }
            }
        }
        catch (Exception exception) when (
            exception is IOException or HttpRequestException or InvalidDataException or InvalidOperationException
            && !deadline.Token.IsCancellationRequested)
        {
            End = WireEnd.Cut;
            return false;
        }
    }
}
