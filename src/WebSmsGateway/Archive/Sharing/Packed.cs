using System.Buffers.Binary;
using System.IO.Compression;

namespace WebSmsGateway.Archive.Sharing;

/// <summary>Binary fields, compressed. The length before that comes first, so that a reader takes no more memory than it says.</summary>
internal static class Packed
{
    /// <summary>
    /// The most bytes that a value unpacks to. A block of 256 messages of 64 kB each has no more. A longer value is a miss, and its day is
    /// asked for again.
    /// </summary>
    public const int MaxUnpacked = 16 * 1024 * 1024;

    private const int HeaderLength = 4;

    public static byte[] Write(Action<BinaryWriter> write)
    {
        using var plain = new MemoryStream();
        using var writer = new BinaryWriter(plain);
        write(writer);
        writer.Flush();

        // One write, because small writes would be compressed separately and hardly shrink.
        using var packed = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header, (int)plain.Length);
        packed.Write(header);
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            brotli.Write(plain.GetBuffer().AsSpan(0, (int)plain.Length));
        }

        return packed.ToArray();
    }

    /// <summary>Reads a value; null for one that is damaged, or for which there is no memory now.</summary>
    public static T? Read<T>(byte[] value, Func<BinaryReader, T> read)
        where T : class
    {
        try
        {
            using var unpacked = Unpack(value);
            return read(new BinaryReader(unpacked));
        }
        catch (Exception exception) when (
            exception is IOException or InvalidDataException or FormatException or ArgumentException
                or InvalidOperationException or OverflowException or OutOfMemoryException)
        {
            // The value passed the checksum of its envelope and cannot be read, so another version of the program wrote it, or it is too long.
            return null;
        }
    }

    /// <summary>A count of items, each of which has at least one byte. A damaged count must not allocate memory.</summary>
    public static int ReadCount(this BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && count <= left ? count : throw new InvalidDataException("A count is more than the value can hold.");
    }

    public static void WriteInstant(this BinaryWriter writer, DateTimeOffset instant) => writer.Write(instant.UtcTicks);

    public static DateTimeOffset ReadInstant(this BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);

    private static MemoryStream Unpack(byte[] value)
    {
        var length = value.Length < HeaderLength ? -1 : BinaryPrimitives.ReadInt32LittleEndian(value);
        if (length is < 0 or > MaxUnpacked)
        {
            throw new InvalidDataException("The value unpacks to more than a value can hold.");
        }

        var unpacked = new byte[length];
        using var brotli = new BrotliStream(new MemoryStream(value, HeaderLength, value.Length - HeaderLength), CompressionMode.Decompress);
        brotli.ReadExactly(unpacked);
        return brotli.ReadByte() < 0 ? new MemoryStream(unpacked) : throw new InvalidDataException("The value is longer than it says.");
    }
}
