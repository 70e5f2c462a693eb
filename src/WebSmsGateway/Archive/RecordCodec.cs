using System.IO.Compression;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>
/// Converts records to values for Redis: binary fields, compressed. The full blocks of an open day are separate values. The head of
/// the record names them and has the last block, so that a refresh writes only the head.
/// </summary>
internal static class RecordCodec
{
    // A value that unpacks to more bytes than a day can have is damaged.
    private const int MaxUnpacked = 1 << 30;

    /// <summary>Writes the head of a record. Its first <paramref name="apart"/> blocks are stored as separate values.</summary>
    public static byte[] WriteHead(DayRecord record, int apart) => Pack(writer =>
    {
        writer.Write(record.AskedAt.UtcTicks);
        writer.Write(record.ReceivedAt.UtcTicks);
        writer.Write(record.PreviouslyAskedAt.UtcTicks);
        writer.Write(record.ReadWholeAt.UtcTicks);
        writer.Write(record.IsWhole);
        writer.Write(record.IsFinal);
        writer.Write7BitEncodedInt(record.Problems.Count);
        foreach (var problem in record.Problems)
        {
            writer.Write7BitEncodedInt(problem.Position);
            writer.Write(problem.Reason.Name());
        }

        writer.Write7BitEncodedInt(apart);
        foreach (var block in record.Blocks[..apart])
        {
            writer.Write(block.Id);
        }

        writer.Write7BitEncodedInt(record.Count - (apart * DayRecord.BlockLength));
        foreach (var block in record.Blocks[apart..])
        {
            WriteMessages(writer, block.Messages);
        }
    });

    public static StoredRecord ReadHead(DateOnly day, ReadOnlyMemory<byte> value) => Unpack(value, reader =>
    {
        var askedAt = ReadInstant(reader);
        var receivedAt = ReadInstant(reader);
        var previouslyAskedAt = ReadInstant(reader);
        var readWholeAt = ReadInstant(reader);
        var isWhole = reader.ReadBoolean();
        var isFinal = reader.ReadBoolean();
        var problems = new MessageProblem[ReadCount(reader)];
        for (var i = 0; i < problems.Length; i++)
        {
            problems[i] = new MessageProblem(day, reader.Read7BitEncodedInt(), ProblemReasons.Parse(reader.ReadString()));
        }

        var apart = new ulong[ReadCount(reader)];
        for (var i = 0; i < apart.Length; i++)
        {
            apart[i] = reader.ReadUInt64();
        }

        var rest = ReadMessages(reader, day, ReadCount(reader));
        return new StoredRecord(
            new RecordMetadata(askedAt, receivedAt, previouslyAskedAt, readWholeAt, isWhole, isFinal, problems), apart, rest);
    });

    public static byte[] WriteBlock(MessageBlock block) => Pack(writer => WriteMessages(writer, block.Messages));

    public static MessageBlock ReadBlock(DateOnly day, ReadOnlyMemory<byte> value) =>
        Unpack(value, reader => new MessageBlock([.. ReadMessages(reader, day, DayRecord.BlockLength)]));

    private static void WriteMessages(BinaryWriter writer, Message[] messages)
    {
        foreach (var message in messages)
        {
            writer.Write7BitEncodedInt64(message.Position.Second);
            writer.Write7BitEncodedInt((int)message.ReceivedAt.Offset.TotalSeconds);
            writer.Write(message.Position.Hash);
            writer.Write(message.RentedNumber.ToString());
            writer.Write(message.Sender.ToString());
            writer.Write(message.Text);
        }
    }

    private static List<Message> ReadMessages(BinaryReader reader, DateOnly day, int count)
    {
        var messages = new List<Message>(Math.Min(count, 1 << 16));
        var names = new NamePool();
        for (var i = 0; i < count; i++)
        {
            var second = reader.Read7BitEncodedInt64();
            var offset = TimeSpan.FromSeconds(reader.Read7BitEncodedInt());
            var hash = reader.ReadUInt64();
            var (number, sender, text) = (names.Shared(reader.ReadString()), names.Shared(reader.ReadString()), reader.ReadString());
            messages.Add(MessageFactory.Make(
                new MessageId(day, hash), RentedNumber.Reported(number), Sender.Reported(sender),
                DateTimeOffset.FromUnixTimeSeconds(second).ToOffset(offset), text));
        }

        return messages;
    }

    private static int ReadCount(BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        // Every item has at least one byte. This check keeps a damaged count from allocating memory.
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && count <= left ? count : throw new InvalidDataException("A count is more than the value can hold.");
    }

    private static DateTimeOffset ReadInstant(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);

    private static byte[] Pack(Action<BinaryWriter> write)
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

    private static T Unpack<T>(ReadOnlyMemory<byte> value, Func<BinaryReader, T> read)
    {
        using var unpacked = new MemoryStream();
        using (var brotli = new BrotliStream(new MemoryStream(value.ToArray()), CompressionMode.Decompress))
        {
            var buffer = new byte[64 * 1024];
            for (int length; (length = brotli.Read(buffer)) > 0;)
            {
                unpacked.Write(buffer, 0, length);
                if (unpacked.Length > MaxUnpacked)
                {
                    throw new InvalidDataException("The value unpacks to more than a day can hold.");
                }
            }
        }

        unpacked.Position = 0;
        return read(new BinaryReader(unpacked));
    }
}

/// <summary>A head as it was stored. The blocks that it names have to be read separately.</summary>
internal sealed record StoredRecord(RecordMetadata Metadata, ulong[] Apart, List<Message> Rest);
