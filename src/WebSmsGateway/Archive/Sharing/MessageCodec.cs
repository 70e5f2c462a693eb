using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Sharing;

/// <summary>Converts messages with their places to values of the shared store.</summary>
internal static class MessageCodec
{
    public static byte[] WriteBlock(MessageBlock block) => Packed.Write(writer =>
    {
        writer.Write7BitEncodedInt(block.Messages.Length);
        foreach (var message in block.Messages)
        {
            writer.WriteMessage(message);
        }
    });

    public static MessageBlock? ReadBlock(DateOnly day, byte[] value) => Packed.Read(value, reader =>
    {
        var messages = new Message[reader.ReadCount()];
        var names = new NamePool();
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = reader.ReadMessage(day, names);
        }

        return messages.Length == 0 ? throw new InvalidDataException("A block has no messages.") : new MessageBlock(messages);
    });

    public static void WriteMessage(this BinaryWriter writer, Message message)
    {
        writer.Write7BitEncodedInt64(message.Position.Second);
        writer.Write7BitEncodedInt((int)message.ReceivedAt.Offset.TotalSeconds);
        writer.Write(message.Id.Hash);
        writer.Write(message.RentedNumber.ToString());
        writer.Write(message.Sender.ToString());
        writer.Write(message.Text);
        writer.Write7BitEncodedInt(message.Position.Rank);
        writer.WriteStamp(message.Stamp);
        writer.Write((byte)(message is ReturnedMessage ? 2 : message.IsFirst ? 1 : 0));
        if (message is ReturnedMessage returned)
        {
            writer.WriteStamp(returned.FirstLearned);
            writer.Write(returned.RemovedAt);
        }
    }

    public static Message ReadMessage(this BinaryReader reader, DateOnly day, NamePool names)
    {
        var second = reader.Read7BitEncodedInt64();
        var offset = TimeSpan.FromSeconds(reader.Read7BitEncodedInt());
        var hash = reader.ReadUInt64();
        var (number, sender, text) = (names.Shared(reader.ReadString()), names.Shared(reader.ReadString()), reader.ReadString());
        var message = MessageFactory.Make(
            new MessageId(day, hash), RentedNumber.Reported(number), Sender.Reported(sender),
            DateTimeOffset.FromUnixTimeSeconds(second).ToOffset(offset), text);
        var (rank, stamp, kind) = (reader.Read7BitEncodedInt(), reader.ReadStamp(), reader.ReadByte());
        var placed = message.Placed(rank, stamp, isFirst: kind == 1);
        return kind == 2 ? new ReturnedMessage(placed, stamp, reader.ReadStamp(), reader.ReadInt64()) : placed;
    }

    public static void WriteStamp(this BinaryWriter writer, Stamp stamp)
    {
        writer.Write(stamp.Moment);
        writer.Write7BitEncodedInt(stamp.Ordinal);
    }

    public static Stamp ReadStamp(this BinaryReader reader) => new(reader.ReadInt64(), reader.Read7BitEncodedInt());
}
