using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;

namespace WebSmsGateway.Tests.Archive.Following;

/// <summary>Writes cursors as version 1 wrote them.</summary>
internal static class EarlierCursorText
{
    /// <summary>A cursor.</summary>
    /// <param name="given">How many messages of its overlap it names.</param>
    /// <param name="query">The fingerprint of its query.</param>
    /// <param name="start">Where its overlap begins, two minutes before its place.</param>
    public static string Of(int given, ulong query, DateTimeOffset start)
    {
        // Version, query, second and hash of the position, start in ticks, hash of the start, short hashes of what was given, checksum.
        var bytes = new byte[41 + (5 * given) + 4];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), query);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), start.AddMinutes(2).ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(17), ulong.MaxValue >> 4);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(25), start.UtcTicks);
        return Checked(bytes);
    }

    /// <summary>The text of a cursor whose last four bytes become its checksum.</summary>
    public static string Checked(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32.HashToUInt32(bytes.AsSpan(0, bytes.Length - 4)));
        return Base64Url.EncodeToString(bytes);
    }
}
