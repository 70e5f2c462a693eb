using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

public sealed class MessageCodecTests
{
    [Fact]
    public void ReadBlock_WhatWriteBlockWrote_HasTheSameMessagesAndPlaces()
    {
        string[] texts = ["", "\0", "строка\r\nстрока", "😀", new('я', 5000), "{\"error_num\":2}"];
        var known = At(TimeSpan.FromSeconds(7), rank: 3, moment: 44, ordinal: int.MaxValue);
        MessageBlock block = new(
        [
            .. texts.Select((text, i) => At(
                TimeSpan.FromSeconds(i), text, i, long.MaxValue - i, i, isFirst: i % 2 == 0, sender: i == 0 ? "" : "Банк")),
            known, new ReturnedMessage(known, new Stamp(99, 1), new Stamp(44, 0), 77),
        ]);

        var read = MessageCodec.ReadBlock(Day, MessageCodec.WriteBlock(block))!;

        AssertSame(block.Messages, read.Messages);
        Assert.Equal((block.Newest, block.Cost), (read.Newest, read.Cost));
    }

    [Fact]
    public void WriteBlock_SameMessages_IsTheSameValue()
    {
        Assert.Equal(MessageCodec.WriteBlock(Record(256).Blocks[0]), MessageCodec.WriteBlock(Record(256).Blocks[0]));
        Assert.NotEqual(MessageCodec.WriteBlock(Record(256).Blocks[0]), MessageCodec.WriteBlock(Record(255).Blocks[0]));
    }

    [Fact]
    public void WriteBlock_Compressed_IsMuchSmallerThanItsMessages() =>
        Assert.InRange(MessageCodec.WriteBlock(Record(256).Blocks[0]).Length, 1, Record(256).Cost / 5);

    [Fact]
    public void ReadBlock_AnyDamage_IsReadOrAMissAndNeverThrows()
    {
        var value = MessageCodec.WriteBlock(new MessageBlock([.. Sequence(3)]));
        Mutations.Each(value, mutated => MessageCodec.ReadBlock(Day, mutated));
        Mutations.EachUnpacked(value, mutated => MessageCodec.ReadBlock(Day, mutated));
        for (var length = 0; length < value.Length; length++)
        {
            MessageCodec.ReadBlock(Day, value[..length]);
        }

        Assert.Null(MessageCodec.ReadBlock(Day, value[..(value.Length / 2)]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void ReadBlock_CountThatTheValueCannotHold_IsRefusedBeforeMemoryIsTaken(int count)
    {
        var value = Packed.Write(writer =>
        {
            writer.Write7BitEncodedInt(count);
            writer.Write(new byte[34]);
        });

        Assert.Null(MessageCodec.ReadBlock(Day, value));
    }

    internal static void AssertSame(IReadOnlyList<Message> expected, IReadOnlyList<Message> read)
    {
        Assert.Equal(expected.Select(message => message.Json), read.Select(message => message.Json));
        Assert.Equal(
            expected.Select(message => (message.Id, message.Position, message.Stamp, message.IsFirst, message.ReceivedAt)),
            read.Select(message => (message.Id, message.Position, message.Stamp, message.IsFirst, message.ReceivedAt)));
        Assert.Equal(
            expected.Select(message => message is ReturnedMessage returned ? (returned.FirstLearned, returned.RemovedAt) : default),
            read.Select(message => message is ReturnedMessage returned ? (returned.FirstLearned, returned.RemovedAt) : default));
    }
}
