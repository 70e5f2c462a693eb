using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// Writes cursors as texts under 120 characters and reads them. A cursor is encrypted, so that it shows nothing of the traffic, and
/// authenticated, so that a forged one is refused. The same place gives the same text: the nonce is a keyed hash of the content.
/// </summary>
internal sealed class CursorCodec : IDisposable
{
    private const byte Version = 2;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int PayloadLength = 54;
    private const int Length = 1 + NonceLength + TagLength + PayloadLength;

    private readonly Key[] keys;
    private readonly RecentCursors recent = new();

    /// <summary>
    /// The first encryption key of the cache writes cursors, else the key of ids, and all of them read. The account's login stands in for a
    /// key.
    /// </summary>
    public CursorCodec(IOptions<CacheOptions> cache, IOptions<UpstreamOptions> upstream, DerivedKeys derived) =>
        keys = [.. cache.Value.EncryptionKeys.Select(Convert.FromBase64String)
            .Concat(derived.IdKey is { } id ? [id] : [])
            .Append(Encoding.UTF8.GetBytes($"{upstream.Value.BaseAddress}\n{upstream.Value.Username}"))
            .Select(secret => new Key(secret))];

    public string Encode(PageCursor cursor)
    {
        if (recent.TextOf(cursor) is { } known)
        {
            return known;
        }

        Span<byte> payload = stackalloc byte[PayloadLength];
        Write(cursor, payload);
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        keys[0].Encrypt(payload, bytes[1..]);
        var text = Base64Url.EncodeToString(bytes);
        recent.Keep(cursor, text);
        return text;
    }

    /// <summary>Reads a cursor of this version or the one before; null for any other text.</summary>
    public PageCursor? Decode(string text)
    {
        // Base64Url.IsValid is no substitute: it accepts padding and white space that make decoding throw.
        Span<byte> bytes = stackalloc byte[Length + 3];
        if (text.Length != Base64Url.GetEncodedLength(Length))
        {
            return EarlierCursor.Decode(text);
        }

        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length != Length || bytes[0] != Version
            || !Base64Url.EncodeToString(bytes[..length]).Equals(text, StringComparison.Ordinal))
        {
            return EarlierCursor.Decode(text);
        }

        Span<byte> payload = stackalloc byte[PayloadLength];
        foreach (var key in keys)
        {
            if (key.TryDecrypt(bytes[1..Length], payload))
            {
                return Read(payload);
            }
        }

        return null;
    }

    public void Dispose() => Array.ForEach(keys, key => key.Dispose());

    private static void Write(PageCursor cursor, Span<byte> payload)
    {
        payload[0] = (byte)((int)cursor.State | (cursor.AsOf is null ? 4 : 0) | (cursor.Start is null ? 8 : 0) | (cursor.IsResumed ? 16 : 0)
            | (cursor.IsMomentOurs ? 32 : 0));
        BinaryPrimitives.WriteUInt64LittleEndian(payload[1..], cursor.Query);
        WriteSeven(payload[9..], cursor.Epoch);
        if (cursor.State == WalkState.Changes)
        {
            BinaryPrimitives.WriteInt64LittleEndian(payload[16..], cursor.Learned.Moment);
            BinaryPrimitives.WriteInt32LittleEndian(payload[24..], cursor.Learned.Ordinal);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(payload[16..], cursor.Place.Second);
            BinaryPrimitives.WriteInt32LittleEndian(payload[24..], cursor.Place.Rank);
        }

        BinaryPrimitives.WriteInt64LittleEndian(payload[28..], cursor.AsOf?.Moment ?? 0);
        WriteSeconds(payload[36..], cursor.Moment);
        WriteSeconds(payload[41..], cursor.Start ?? DateTimeOffset.UnixEpoch);
        WriteSeconds(payload[46..], cursor.Floor);
        payload[51] = (byte)cursor.Covered.DayNumber;
        payload[52] = (byte)(cursor.Covered.DayNumber >> 8);
        payload[53] = (byte)(cursor.Covered.DayNumber >> 16);
    }

    private static PageCursor Read(ReadOnlySpan<byte> payload)
    {
        var state = (WalkState)(payload[0] & 3);
        var (high, low) = (BinaryPrimitives.ReadInt64LittleEndian(payload[16..]), BinaryPrimitives.ReadInt32LittleEndian(payload[24..]));
        return new PageCursor(BinaryPrimitives.ReadUInt64LittleEndian(payload[1..]), state, ReadSeven(payload[9..]))
        {
            Place = state == WalkState.Changes ? default : new MessagePosition(high, low),
            Learned = state == WalkState.Changes ? new Stamp(high, low) : default,
            AsOf = (payload[0] & 4) != 0 ? null : Stamp.EndOf(BinaryPrimitives.ReadInt64LittleEndian(payload[28..])),
            Moment = ReadSeconds(payload[36..]),
            Start = (payload[0] & 8) != 0 ? null : ReadSeconds(payload[41..]),
            IsResumed = (payload[0] & 16) != 0,
            IsMomentOurs = (payload[0] & 32) != 0,
            Floor = ReadSeconds(payload[46..]),
            Covered = DateOnly.FromDayNumber(payload[51] | (payload[52] << 8) | (payload[53] << 16)),
        };
    }

    private static void WriteSeven(Span<byte> target, ulong value)
    {
        for (var i = 0; i < 7; i++)
        {
            target[i] = (byte)(value >> (8 * i));
        }
    }

    private static ulong ReadSeven(ReadOnlySpan<byte> source)
    {
        var value = 0UL;
        for (var i = 6; i >= 0; i--)
        {
            value = (value << 8) | source[i];
        }

        return value;
    }

    // Times from the year 1 to 9999 fit into 39 bits.
    private static void WriteSeconds(Span<byte> target, DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds() - DateTimeOffset.MinValue.ToUnixTimeSeconds();
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)seconds);
        target[4] = (byte)(seconds >> 32);
    }

    private static DateTimeOffset ReadSeconds(ReadOnlySpan<byte> source) => DateTimeOffset.FromUnixTimeSeconds(
        (((long)source[4] << 32) | BinaryPrimitives.ReadUInt32LittleEndian(source)) + DateTimeOffset.MinValue.ToUnixTimeSeconds());

    /// <summary>One secret. The cipher is not safe for several threads, so each thread has its own.</summary>
    private sealed class Key(byte[] secret) : IDisposable
    {
        private readonly byte[] hashKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "websms-gateway cursor nonce"u8.ToArray());
        private readonly ThreadLocal<AesGcm> cipher = new(
            () => new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "websms-gateway cursor"u8.ToArray()), TagLength),
            trackAllValues: true);

        public void Encrypt(ReadOnlySpan<byte> payload, Span<byte> target)
        {
            Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(hashKey, payload, hash);
            hash[..NonceLength].CopyTo(target);
            cipher.Value!.Encrypt(
                target[..NonceLength], payload, target[(NonceLength + TagLength)..], target.Slice(NonceLength, TagLength));
        }

        public bool TryDecrypt(ReadOnlySpan<byte> source, Span<byte> payload)
        {
            try
            {
                cipher.Value!.Decrypt(
                    source[..NonceLength], source[(NonceLength + TagLength)..], source.Slice(NonceLength, TagLength), payload);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        public void Dispose()
        {
            foreach (var value in cipher.Values)
            {
                value.Dispose();
            }

            cipher.Dispose();
        }
    }
}
