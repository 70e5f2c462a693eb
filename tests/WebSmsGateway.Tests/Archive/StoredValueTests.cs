using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>A value in Redis is read as it was written. Any other value is a miss.</summary>
public sealed class StoredValueTests
{
    private const string Name = "websms:{00}:20260311";
    private static readonly string OldKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly string NewKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static TheoryData<bool> ClearAndEncrypted => [false, true];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(256, 0)]
    [InlineData(257, 1)]
    [InlineData(1000, 3)]
    public void Head_WithItsBlocks_ComesOutAsItWentIn(int count, int apart)
    {
        var record = DayRecord.Of(Day, Sequence(count), new(
            Moment(11, 12), Moment(11, 12, 0, 1), Moment(11, 11), Moment(11, 10), true, false, [new(Day, 7, ProblemReason.UnreadableDate)]));

        var head = RecordCodec.ReadHead(Day, RecordCodec.WriteHead(record, apart));
        var blocks = record.Blocks[..apart].ToArray().Select(block => RecordCodec.ReadBlock(Day, RecordCodec.WriteBlock(block)))
            .ToArray();
        var copy = DayRecord.OfBlocks(Day, blocks, head.Rest, head.Metadata);

        Assert.Equal(head.Apart, blocks.Select(block => block.Id));
        Assert.Equal(record.Count, copy.Count);
        Assert.Equal(
            (record.AskedAt, record.ReceivedAt, record.PreviouslyAskedAt, record.ReadWholeAt, record.IsWhole, record.IsFinal),
            (copy.AskedAt, copy.ReceivedAt, copy.PreviouslyAskedAt, copy.ReadWholeAt, copy.IsWhole, copy.IsFinal));
        Assert.Equal(record.Problems, copy.Problems);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(record[i].Json, copy[i].Json);
            Assert.Equal(record[i].Position, copy[i].Position);
        }
    }

    [Fact]
    public void Head_OddTexts_ComeOutAsTheyWentIn()
    {
        string[] texts = ["", "\0", "строка\r\nстрока", "😀", new('я', 5000), "{\"error_num\":2}"];
        var record = DayRecord.Of(Day, [.. texts.Select((text, i) => At(TimeSpan.FromSeconds(i), text))], Metadata(Moment(11, 12)));

        var head = RecordCodec.ReadHead(Day, RecordCodec.WriteHead(record, 0));

        Assert.Equal(texts, head.Rest.Select(message => message.Text));
    }

    [Fact]
    public void Head_Compressed_IsMuchSmallerThanItsMessages()
    {
        var record = Record(1000, isFinal: true);

        Assert.InRange(RecordCodec.WriteHead(record, 0).Length, 1, record.Cost / 5);
    }

    [Theory]
    [MemberData(nameof(ClearAndEncrypted))]
    public void Unwrap_WhatWasWrapped_ComesBack(bool encrypted)
    {
        var envelope = Envelope(encrypted ? [NewKey] : []);
        var payload = RandomNumberGenerator.GetBytes(1000);

        Assert.Equal(payload, envelope.Unwrap(Name, envelope.Wrap(Name, payload))!);
        Assert.Empty(envelope.Unwrap(Name, envelope.Wrap(Name, []))!);
    }

    [Theory]
    [MemberData(nameof(ClearAndEncrypted))]
    public void Unwrap_AnyByteDamaged_IsMiss(bool encrypted)
    {
        var envelope = Envelope(encrypted ? [NewKey] : []);
        var value = envelope.Wrap(Name, RecordCodec.WriteHead(Record(20), 0));
        for (var i = 0; i < value.Length; i++)
        {
            foreach (var mask in new byte[] { 1, 0x80, 0xFF })
            {
                value[i] ^= mask;
                Assert.True(envelope.Unwrap(Name, value) is null, $"byte {i} changed by {mask} went unnoticed");
                value[i] ^= mask;
            }

            Assert.True(envelope.Unwrap(Name, value.AsSpan(0, i)) is null, $"cut to {i} bytes went unnoticed");
        }

        Assert.Null(envelope.Unwrap(Name, [.. value, 0]));
    }

    [Theory]
    [MemberData(nameof(ClearAndEncrypted))]
    public void Unwrap_ValueOfAnotherKey_IsMiss(bool encrypted)
    {
        var envelope = Envelope(encrypted ? [NewKey] : []);

        Assert.Null(envelope.Unwrap("websms:{00}:20260312", envelope.Wrap(Name, [1, 2, 3])));
    }

    [Fact]
    public void Unwrap_EncryptedWithAnOlderKeyThatIsStillListed_ComesBack() =>
        Assert.Equal([1, 2, 3], Envelope(NewKey, OldKey).Unwrap(Name, Envelope(OldKey).Wrap(Name, [1, 2, 3]))!);

    [Fact]
    public void Unwrap_EncryptedWithAKeyThatIsGone_IsMiss() =>
        Assert.Null(Envelope(NewKey).Unwrap(Name, Envelope(OldKey).Wrap(Name, [1, 2, 3])));

    [Fact]
    public void Unwrap_ClearWhereEncryptionIsDemanded_IsMiss()
    {
        // Otherwise anyone with write access to Redis could add messages without the key.
        Assert.Null(Envelope(NewKey).Unwrap(Name, Envelope().Wrap(Name, [1, 2, 3])));
        Assert.Null(Envelope().Unwrap(Name, Envelope(NewKey).Wrap(Name, [1, 2, 3])));
    }

    [Fact]
    public void Wrap_Encrypted_ShowsNothingAndNeverTheSameTwice()
    {
        var envelope = Envelope(NewKey);
        var payload = Encoding.UTF8.GetBytes("79021234567 Ваш код 4711");

        var (first, second) = (envelope.Wrap(Name, payload), envelope.Wrap(Name, payload));

        Assert.Equal(-1, first.AsSpan().IndexOf("79021234567"u8));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void ReadHead_CountThatTheValueCannotHold_IsRefusedBeforeMemoryIsTaken()
    {
        using var packed = new MemoryStream();
        using (var writer = new BinaryWriter(
            new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest)))
        {
            writer.Write(new byte[34]);
            writer.Write7BitEncodedInt(int.MaxValue);
        }

        Assert.Throws<InvalidDataException>(() => RecordCodec.ReadHead(Day, packed.ToArray()));
    }

    private static ValueEnvelope Envelope(params string[] keys) => new(Options.Create(new CacheOptions { EncryptionKeys = keys }));
}
