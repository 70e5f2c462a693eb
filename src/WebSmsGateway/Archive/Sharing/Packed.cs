using System.IO.Compression;

namespace WebSmsGateway.Archive.Sharing;

/// <summary>Binary fields, compressed.</summary>
internal static class Packed
{
    // A value that unpacks to more bytes than a day can have is damaged.
    private const int MaxUnpacked = 1 << 30;

    public static byte[] Write(Action<BinaryWriter> write)
    {
        using var plain = new MemoryStream();
        using var writer = new BinaryWriter(plain);
        write(writer);
        writer.Flush();

        // One write, because small writes would be compressed separately and hardly shrink.
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            brotli.Write(plain.GetBuffer().AsSpan(0, (int)plain.Length));
        }

        return packed.ToArray();
    }

    /// <summary>Reads a value; null for one that is damaged.</summary>
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
                or InvalidOperationException or OverflowException)
        {
            // The value passed the checksum of its envelope and cannot be read, so another version of the program wrote it.
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
        var unpacked = new MemoryStream();
        using var brotli = new BrotliStream(new MemoryStream(value), CompressionMode.Decompress);
        var buffer = new byte[16 * 1024];
        for (int length; (length = brotli.Read(buffer)) > 0;)
        {
            unpacked.Write(buffer, 0, length);
            if (unpacked.Length > MaxUnpacked)
            {
                throw new InvalidDataException("The value unpacks to more than a day can hold.");
            }
        }

        unpacked.Position = 0;
        return unpacked;
    }
}
