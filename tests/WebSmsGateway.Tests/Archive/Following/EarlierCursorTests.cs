using System.Buffers.Binary;
using System.Buffers.Text;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Archive.Following;

/// <summary>Cursors of version 1 are read as places in time.</summary>
public sealed class EarlierCursorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 9, 7, 1, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    public void Decode_CursorOfVersion1_IsAPlaceInTime(int given)
    {
        var cursor = EarlierCursor.Decode(Text(given))!;

        Assert.Equal((0x0123456789ABCDEFUL, WalkState.Descending, 0UL), (cursor.Query, cursor.State, cursor.Epoch));
        Assert.Equal(new MessagePosition(Start.AddMinutes(2).ToUnixTimeSeconds() + 1, 0), cursor.Place);
        Assert.Equal(Start, cursor.Start);

        // An ascending one goes on from the start of its overlap and has to begin anew.
        var ascending = EarlierCursor.Ascending(cursor, null, SampleMessages.Zone);
        Assert.Equal((WalkState.Snapshot, null, null), (ascending.State, ascending.AsOf, ascending.Start));
        Assert.Equal(new DateOnly(2026, 3, 11), ascending.Covered);
        Assert.Equal(Start.AddSeconds(1), EarlierCursor.Ascending(cursor, Start.AddSeconds(0.5), SampleMessages.Zone).Start);
        Assert.Equal(new MessagePosition(Start.ToUnixTimeSeconds() - 1, int.MaxValue), ascending.Place);
    }

    [Fact]
    public void Decode_AnyByteChanged_IsRefused()
    {
        var bytes = Base64Url.DecodeFromChars(Text(2));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.Null(EarlierCursor.Decode(Base64Url.EncodeToString(bytes)));
            bytes[i] ^= 1;
            Assert.Null(EarlierCursor.Decode(Base64Url.EncodeToString(bytes.AsSpan(0, i))));
        }
    }

    [Theory]
    [InlineData(0, 2L)]
    [InlineData(9, long.MaxValue)]
    [InlineData(9, long.MinValue)]
    [InlineData(25, long.MaxValue)]
    [InlineData(25, 0L)]
    [InlineData(25, -1L)]
    public void Decode_ForgedWithAMatchingChecksum_IsRefusedWhereItLiesOutsideAnyTime(int offset, long value)
    {
        var bytes = Base64Url.DecodeFromChars(Text(1));
        if (offset == 0)
        {
            bytes[0] = (byte)value;
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(offset), value);
        }

        Assert.Null(EarlierCursor.Decode(EarlierCursorText.Checked(bytes)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(37)]
    [InlineData(44)]
    [InlineData(46)]
    [InlineData(49)]
    public void Decode_ForgedLength_IsRefused(int length)
    {
        var bytes = new byte[length];
        bytes[0] = 1;

        Assert.Null(EarlierCursor.Decode(EarlierCursorText.Checked(bytes)));
    }

    private static string Text(int given) => EarlierCursorText.Of(given, 0x0123456789ABCDEF, Start);
}
