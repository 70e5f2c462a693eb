using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Model;

public sealed class PageCursorTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly DateTimeOffset Start = new(2026, 3, 11, 9, 7, 1, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(PageCursor.MaxGiven)]
    public void Decode_WhatEncodeWrote_IsTheSame(int given)
    {
        var cursor = Cursor(given);

        var read = PageCursor.Decode(cursor.Text);

        Assert.NotNull(read);
        Assert.Equal(cursor.Query, read.Query);
        Assert.Equal(cursor.Position, read.Position);
        Assert.Equal(cursor.Start, read.Start);
        Assert.Equal(cursor.StartHash, read.StartHash);
        Assert.Equal(cursor.Given.Order(), read.Given.Order());
        Assert.Equal(cursor.Text, Uri.EscapeDataString(cursor.Text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Decode_AnyCharacterChangedLostOrAdded_IsRefused(int given)
    {
        var text = Cursor(given).Text;
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var other in Alphabet + " =+/\n\0é")
            {
                if (other != text[i])
                {
                    Assert.Null(PageCursor.Decode(text[..i] + other + text[(i + 1)..]));
                }

                Assert.Null(PageCursor.Decode(text[..i] + other + text[i..]));
            }

            Assert.Null(PageCursor.Decode(text[..i] + text[(i + 1)..]));
            Assert.Null(PageCursor.Decode(text[..i]));
        }

        Assert.Null(PageCursor.Decode(text + "="));
        Assert.Null(PageCursor.Decode(text + " "));
        Assert.Null(PageCursor.Decode(text + text));
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
        var bytes = Base64Url.DecodeFromChars(Cursor(1).Text);
        if (offset == 0)
        {
            bytes[0] = (byte)value;
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(offset), value);
        }

        Assert.Null(PageCursor.Decode(Encrypted(bytes)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(37)]
    [InlineData(44)]
    [InlineData(46)]
    [InlineData(47)]
    public void Decode_ForgedLength_IsRefused(int length)
    {
        var bytes = new byte[length];
        if (length > 4)
        {
            bytes[0] = 1;
            Assert.Null(PageCursor.Decode(Encrypted(bytes)));
        }

        Assert.Null(PageCursor.Decode(Base64Url.EncodeToString(bytes)));
    }

    [Fact]
    public void Decode_Huge_IsRefused() => Assert.Null(PageCursor.Decode(new string('A', 1_000_000)));

    [Fact]
    public void Decode_RandomText_IsRefused()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            Assert.Null(PageCursor.Decode(string.Create(random.Next(200), random, (text, source) => source.GetItems(Alphabet, text))));
        }
    }

    private static string Encrypted(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32.HashToUInt32(bytes.AsSpan(0, bytes.Length - 4)));
        return Base64Url.EncodeToString(bytes);
    }

    private static PageCursor Cursor(int given)
    {
        var random = new Random(given);
        var position = new MessagePosition(Start.AddMinutes(2).ToUnixTimeSeconds(), ulong.MaxValue >> 4);
        var hashes = Enumerable.Range(0, given).Select(_ => PageCursor.ShortHash(new MessagePosition(0, (ulong)random.NextInt64())));
        return new PageCursor(0x0123456789ABCDEF, position, Start, hashes.ToHashSet(), StartHash: 77);
    }
}
