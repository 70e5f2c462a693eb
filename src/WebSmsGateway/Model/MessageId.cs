using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace WebSmsGateway.Model;

/// <summary>
/// The id of a message: <c>yyyyMMdd-</c> and 60 bits of a keyed hash in Crockford's base 32, such as <c>20130311-7K3M9Q2X4C8N</c>.
/// </summary>
[JsonConverter(typeof(TextConverter<MessageId>))]
internal readonly record struct MessageId(DateOnly Day, ulong Hash)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int HashLength = 12;
    private const int Length = 9 + HashLength;

    // DateTimeOffset cannot hold the start or end of local days near its own limits.
    private const int FirstYear = 1900;
    private const int LastYear = 9990;

    /// <summary>Makes the id of a message.</summary>
    /// <param name="key">The key of the hash. Without it nobody can try out texts against an id.</param>
    /// <param name="rentedNumber">The number that received it.</param>
    /// <param name="sender">Its sender.</param>
    /// <param name="local">Its local time, to the second.</param>
    /// <param name="text">Its text.</param>
    /// <param name="ordinal">0 for the first of equal messages, 1 for the second, and so on.</param>
    public static MessageId Of(
        ReadOnlySpan<byte> key, RentedNumber rentedNumber, Sender sender, DateTime local, string text, int ordinal)
    {
        var (receiver, origin) = (rentedNumber.ToString(), sender.ToString());
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(receiver.Length + origin.Length + text.Length + 4) + 16);
        BinaryPrimitives.WriteInt64LittleEndian(buffer, local.Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(8), ordinal);
        var length = 12;
        foreach (var part in (ReadOnlySpan<string>)[receiver, origin, text])
        {
            length += Encoding.UTF8.GetBytes(part, buffer.AsSpan(length));
            buffer[length++] = 0;
        }

        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, buffer.AsSpan(0, length), digest);
        ArrayPool<byte>.Shared.Return(buffer);
        return new MessageId(DateOnly.FromDateTime(local), BinaryPrimitives.ReadUInt64BigEndian(digest) >> 4);
    }

    public override string ToString() => string.Create(Length, this, static (target, source) =>
    {
        source.Day.TryFormat(target, out _, "yyyyMMdd", CultureInfo.InvariantCulture);
        target[8] = '-';
        for (var i = 0; i < HashLength; i++)
        {
            target[9 + i] = Alphabet[(int)(source.Hash >> (5 * (HashLength - 1 - i))) & 31];
        }
    });

    /// <summary>Reads an id in any letter case. It refuses a text that <see cref="ToString"/> cannot have written.</summary>
    public static bool TryParse(string text, out MessageId id)
    {
        id = default;
        if (text.Length != Length
            || text[8] != '-'
            || !DateOnly.TryParseExact(text.AsSpan(0, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || day.Year is < FirstYear or > LastYear)
        {
            return false;
        }

        var hash = 0UL;
        foreach (var character in text.AsSpan(9))
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            hash = (hash << 5) | (uint)digit;
        }

        id = new MessageId(day, hash);
        return true;
    }
}
