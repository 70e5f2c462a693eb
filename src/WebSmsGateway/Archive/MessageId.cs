using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WebSmsGateway.Archive;

/// <summary>
/// The id of a message: <c>yyyyMMdd-</c> and 60 bits of a hash in Crockford's base 32, such as <c>20130311-7K3M9Q2X4C8N</c>.
/// </summary>
internal static class MessageId
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int HashLength = 12;
    private const int Length = 9 + HashLength;

    // At both ends of time a local day has no moment to begin or end with.
    private const int FirstYear = 1900;
    private const int LastYear = 9990;

    /// <summary>Hashes what makes a message itself.</summary>
    /// <param name="rentedNumber">Who received it.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="local">Wall-clock time, to the second.</param>
    /// <param name="text">The text.</param>
    /// <param name="ordinal">0 for the first of equals, 1 for the second, and so on.</param>
    public static ulong Hash(string rentedNumber, string sender, DateTime local, string text, int ordinal)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(rentedNumber.Length + sender.Length + text.Length + 4) + 16);
        BinaryPrimitives.WriteInt64LittleEndian(buffer, local.Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(8), ordinal);
        var length = 12;
        foreach (var part in (ReadOnlySpan<string>)[rentedNumber, sender, text])
        {
            length += Encoding.UTF8.GetBytes(part, buffer.AsSpan(length));
            buffer[length++] = 0;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, length), digest);
        ArrayPool<byte>.Shared.Return(buffer);
        return BinaryPrimitives.ReadUInt64BigEndian(digest) >> 4;
    }

    public static string Format(DateOnly day, ulong hash) => string.Create(Length, (day, hash), static (target, source) =>
    {
        source.day.TryFormat(target, out _, "yyyyMMdd", CultureInfo.InvariantCulture);
        target[8] = '-';
        for (var i = 0; i < HashLength; i++)
        {
            target[9 + i] = Alphabet[(int)(source.hash >> (5 * (HashLength - 1 - i))) & 31];
        }
    });

    /// <summary>Reads an id in any letter case. False for anything that <see cref="Format"/> cannot have written.</summary>
    public static bool TryParse(string id, out DateOnly day, out ulong hash)
    {
        hash = 0;
        day = default;
        if (id.Length != Length
            || id[8] != '-'
            || !DateOnly.TryParseExact(id.AsSpan(0, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
            || day.Year is < FirstYear or > LastYear)
        {
            return false;
        }

        foreach (var character in id.AsSpan(9))
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            hash = (hash << 5) | (uint)digit;
        }

        return true;
    }
}
