using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.Tests.Archive;

/// <summary>Damages a value in each of its bytes. What reads it must not throw.</summary>
internal static class Mutations
{
    private static readonly byte[] Masks = [1, 0x10, 0x80, 0xFF];

    public static void Each(byte[] value, Func<byte[], object?> read)
    {
        for (var i = 0; i < value.Length; i++)
        {
            foreach (var mask in Masks)
            {
                value[i] ^= mask;
                read(value);
                value[i] ^= mask;
            }
        }
    }

    /// <summary>Damages the fields below the compression.</summary>
    public static void EachUnpacked(byte[] value, Func<byte[], object?> read)
    {
        var unpacked = Packed.Read(value, reader => reader.ReadBytes((int)reader.BaseStream.Length))!;
        Each(unpacked, mutated => read(Packed.Write(writer => writer.Write(mutated))));
    }
}
