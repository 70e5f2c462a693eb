using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;

namespace WebSmsGateway.Model;

/// <summary>
/// The place where a walk through messages stands. A cursor is complete in itself, so servers keep no state. It holds the position, the
/// messages already given within the overlap before it, and the fingerprint of its query. A message that WEBSMS dated late, but within
/// the overlap, is therefore given once. The checksum protects against damage only: a forged cursor shows nothing that a query would not.
/// </summary>
/// <param name="Query">The fingerprint of its query.</param>
/// <param name="Position">The last place that was read.</param>
/// <param name="Start">Ascending: the start of the overlap; all earlier messages are given. Descending: the start of the range.</param>
/// <param name="Given">Short hashes of the messages given from <paramref name="Start"/> to <paramref name="Position"/>.</param>
/// <param name="StartHash">Ascending: the start of the overlap within the second of <paramref name="Start"/>.</param>
internal sealed record PageCursor(
    ulong Query, MessagePosition Position, DateTimeOffset Start, IReadOnlyCollection<ulong> Given, ulong StartHash = 0)
{
    private string? text;

    /// <summary>The most messages that a cursor remembers. If more arrive within the overlap, the overlap shrinks to these.</summary>
    public const int MaxGiven = 512;

    private const byte Version = 1;
    private const int HeaderLength = 41;
    private const int GivenLength = 5;
    private const int ChecksumLength = 4;
    private const int MaxLength = (HeaderLength + (MaxGiven * GivenLength) + ChecksumLength + 2) / 3 * 4;

    /// <summary>The part of a message's hash that a cursor remembers.</summary>
    public static ulong ShortHash(MessagePosition position) => position.Hash & 0xFF_FFFF_FFFF;

    public string Text => text ??= Encode();

    private string Encode()
    {
        var bytes = new byte[HeaderLength + (Given.Count * GivenLength) + ChecksumLength];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), Query);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), Position.Second);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(17), Position.Hash);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(25), Start.UtcTicks);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(33), StartHash);
        var rest = bytes.AsSpan(HeaderLength);
        Span<byte> whole = stackalloc byte[8];
        foreach (var hash in Given)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(whole, hash);
            whole[..GivenLength].CopyTo(rest);
            rest = rest[GivenLength..];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(rest, Checksum(bytes.AsSpan(0, bytes.Length - ChecksumLength)));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor. The result is null for a text that <see cref="Encode"/> cannot have written.</summary>
    public static PageCursor? Decode(string text)
    {
        // Base64Url.IsValid is no substitute: it accepts padding and white space that make decoding throw.
        var buffer = new byte[Base64Url.GetMaxDecodedLength(Math.Min(text.Length, MaxLength))];
        if (text.Length > MaxLength || Base64Url.DecodeFromChars(text, buffer, out _, out var length) != OperationStatus.Done)
        {
            return null;
        }

        var bytes = buffer.AsSpan(0, length);
        var given = length - HeaderLength - ChecksumLength;
        if (given < 0
            || given % GivenLength != 0
            || bytes[0] != Version
            || !Base64Url.EncodeToString(bytes).Equals(text, StringComparison.Ordinal)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[(length - ChecksumLength)..]) != Checksum(bytes[..(length - ChecksumLength)]))
        {
            return null;
        }

        var second = BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]);
        var start = BinaryPrimitives.ReadInt64LittleEndian(bytes[25..]);
        if (start < DateTime.UnixEpoch.AddYears(-70).Ticks || start > DateTime.MaxValue.AddYears(-2).Ticks
            || second < -2208988800 || second > 250000000000)
        {
            return null;
        }

        var hashes = new HashSet<ulong>();
        Span<byte> whole = stackalloc byte[8];
        for (var i = HeaderLength; i < HeaderLength + given; i += GivenLength)
        {
            whole.Clear();
            bytes.Slice(i, GivenLength).CopyTo(whole);
            hashes.Add(BinaryPrimitives.ReadUInt64LittleEndian(whole));
        }

        return new PageCursor(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]),
            new MessagePosition(second, BinaryPrimitives.ReadUInt64LittleEndian(bytes[17..])),
            new DateTimeOffset(start, TimeSpan.Zero),
            hashes,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[33..]));
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes) => Crc32.HashToUInt32(bytes);
}
