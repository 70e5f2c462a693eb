using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// Reads the cursors of version 1. They are places in time: an ascending one goes on from the start of its overlap, so that up to two minutes
/// are given again, a descending one from the second of its last message.
/// </summary>
internal static class EarlierCursor
{
    private const byte Version = 1;
    private const int HeaderLength = 41;
    private const int GivenLength = 5;
    private const int MaxGiven = 512;
    private const int ChecksumLength = 4;
    private const int MaxLength = (HeaderLength + (MaxGiven * GivenLength) + ChecksumLength + 2) / 3 * 4;

    public static PageCursor? Decode(string text)
    {
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
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[(length - ChecksumLength)..]) != Crc32.HashToUInt32(bytes[..(length - ChecksumLength)]))
        {
            return null;
        }

        var second = BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]);
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[25..]);
        if (ticks < DateTime.UnixEpoch.AddYears(-70).Ticks || ticks > DateTime.MaxValue.AddYears(-2).Ticks
            || second < -2208988800 || second > 250000000000)
        {
            return null;
        }

        // The cursor does not say its order. QueryReading knows it, because the fingerprint covers it.
        var start = new DateTimeOffset(ticks, TimeSpan.Zero);
        return new PageCursor(BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]), WalkState.Descending, Epoch: 0)
        {
            Place = new MessagePosition(second + 1, 0),
            Start = start,
            Floor = start,
        };
    }

    /// <summary>The cursor as the place of an ascending walk.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <param name="from">The start that its query gives; null for none.</param>
    /// <param name="zone">The zone of the account.</param>
    public static PageCursor Ascending(PageCursor cursor, DateTimeOffset? from, AccountZone zone) => cursor with
    {
        State = WalkState.Snapshot,
        Place = new MessagePosition(cursor.Floor.ToUnixTimeSeconds() - 1, int.MaxValue),
        Start = from is { } start ? MessagePosition.AtOrAfter(start).Instant : null,
        Covered = zone.DayOf(cursor.Floor),
    };
}
