using System.Buffers.Binary;
using System.IO.Compression;
using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.Tests.Archive;

/// <summary>A value of the shared store takes no more memory than it says, and says no more than a value may have.</summary>
public sealed class PackedTests
{
    private const int Long = 256 * 1024 * 1024;

    [Theory]
    [InlineData(Long)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(1000)]
    [InlineData(Packed.MaxUnpacked)]
    public void Read_FewBytesThatUnpackToMany_IsAMissThatTakesLittleMemory(int says)
    {
        var value = Bomb(says);
        Assert.InRange(value.Length, 1, 10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(Packed.Read(value, reader => reader.ReadBytes(10)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Packed.MaxUnpacked + (1024 * 1024));
    }

    [Fact]
    public void Read_AsLongAsItSays_IsRead()
    {
        var value = Packed.Write(writer => writer.Write(new byte[Packed.MaxUnpacked]));

        Assert.Equal(Packed.MaxUnpacked, Packed.Read(value, reader => reader.ReadBytes(Packed.MaxUnpacked))!.Length);
    }

    [Fact]
    public void Read_OneByteLongerThanAllowed_IsAMiss()
    {
        var value = Packed.Write(writer => writer.Write(new byte[Packed.MaxUnpacked + 1]));

        Assert.Null(Packed.Read(value, reader => reader.ReadBytes(1)));
    }

    [Fact]
    public void Read_WithoutMemory_IsAMiss() =>
        Assert.Null(Packed.Read<string>(Packed.Write(writer => writer.Write(1)), _ => throw new InsufficientMemoryException()));

    private static byte[] Bomb(int says)
    {
        using var packed = new MemoryStream();
        var header = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, says);
        packed.Write(header);
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
        {
            var zeros = new byte[1024 * 1024];
            for (var written = 0; written < Long; written += zeros.Length)
            {
                brotli.Write(zeros);
            }
        }

        return packed.ToArray();
    }
}
