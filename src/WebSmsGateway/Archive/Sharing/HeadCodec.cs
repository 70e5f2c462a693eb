using System.Collections.Immutable;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Sharing;

/// <summary>Converts heads and listed days to values of the shared store.</summary>
internal static class HeadCodec
{
    // Counts up with the format. Another version's head is a miss.
    private const byte Version = 4;

    public static byte[] WriteHead(ScopeHead head) => Packed.Write(writer =>
    {
        writer.Write(Version);
        writer.Write(head.Epoch);
        writer.Write7BitEncodedInt(head.Ancestors.Length);
        foreach (var ancestor in head.Ancestors)
        {
            writer.Write(ancestor);
        }

        writer.Write(head.LastStamp);
        writer.Write(head.FinalsSince);
        writer.Write(head.Ahead?.Ticks ?? long.MinValue);
        writer.Write(head.IsNewestFirst);
        writer.Write7BitEncodedInt(head.Days.Count);
        foreach (var day in head.Days.Values)
        {
            writer.WriteDay(day);
        }
    });

    public static ScopeHead? ReadHead(byte[] value) => Packed.Read(value, reader =>
    {
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("The head is of another version.");
        }

        var epoch = reader.ReadUInt64();
        var ancestors = new ulong[reader.ReadCount()];
        for (var i = 0; i < ancestors.Length; i++)
        {
            ancestors[i] = reader.ReadUInt64();
        }

        var head = new ScopeHead
        {
            Epoch = epoch,
            Ancestors = [.. ancestors],
            LastStamp = reader.ReadInt64(),
            FinalsSince = reader.ReadInt64(),
            Ahead = reader.ReadInt64() is var ahead and not long.MinValue ? TimeSpan.FromTicks(ahead) : null,
            IsNewestFirst = reader.ReadBoolean(),
        };
        var days = ImmutableSortedDictionary.CreateBuilder<DateOnly, ListedDay>();
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var day = reader.ReadDay();
            days[day.Day] = day;
        }

        return head with { Days = days.ToImmutable() };
    });

    /// <summary>A day as a value of its own, with its messages where they are few.</summary>
    public static byte[] WriteDay(ListedDay day, IReadOnlyList<MessageBlock> inline) => Packed.Write(writer =>
    {
        writer.Write(Version);
        writer.WriteDay(day);
        writer.Write7BitEncodedInt(inline.Sum(block => block.Messages.Length));
        foreach (var message in inline.SelectMany(block => block.Messages))
        {
            writer.WriteMessage(message);
        }
    });

    public static StoredDay? ReadDay(byte[] value) => Packed.Read(value, reader =>
    {
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("The day is of another version.");
        }

        var day = reader.ReadDay();
        var messages = new List<Message>(reader.ReadCount());
        var names = new NamePool();
        for (var left = messages.Capacity; left > 0; left--)
        {
            messages.Add(reader.ReadMessage(day.Day, names));
        }

        return day.Metadata is null ? throw new InvalidDataException("The day has no properties.") : new StoredDay(day, messages);
    });

    /// <summary>The names of blocks as a value.</summary>
    public static byte[] WriteNames(IReadOnlyList<string> names) => Packed.Write(writer => writer.WriteNames(names));

    public static string[]? ReadNames(byte[] value) => Packed.Read(value, ReadNames);

    /// <summary>What a record has besides its times and messages: problems, doubts, and messages that were taken off.</summary>
    public static byte[] WriteExtras(RecordMetadata metadata) => Packed.Write(writer => writer.WriteExtras(metadata));

    public static RecordMetadata? ReadExtras(ListedDay day, byte[] value) =>
        Packed.Read(value, reader => reader.ReadExtras(day.Day, day.Metadata!));

    private static void WriteDay(this BinaryWriter writer, ListedDay day)
    {
        writer.Write7BitEncodedInt(day.Day.DayNumber);
        writer.WriteStamp(day.Newest);
        writer.Write(day.Metadata is not null);
        if (day.Metadata is not { } metadata)
        {
            return;
        }

        writer.WriteInstant(metadata.AskedAt);
        writer.Write(metadata.Ahead.Ticks);
        writer.WriteInstant(metadata.ReceivedAt);
        writer.WriteInstant(metadata.ReadWholeAt);
        writer.Write(metadata.IsWhole);
        writer.Write(metadata.IsFinal);
        writer.Write(metadata.AreProblemsLasting);
        writer.WriteInstant(metadata.CutAt ?? DateTimeOffset.MinValue);
        writer.WriteInstant(metadata.SeenUntil);
        writer.WriteNames(day.Blocks);
        writer.Write(day.Names ?? "");
        writer.Write(day.Extras ?? "");
        if (day.Extras is null)
        {
            writer.WriteExtras(metadata);
        }
    }

    private static ListedDay ReadDay(this BinaryReader reader)
    {
        var day = new ListedDay(DateOnly.FromDayNumber(reader.Read7BitEncodedInt()), reader.ReadStamp());
        if (!reader.ReadBoolean())
        {
            return day;
        }

        var metadata = new RecordMetadata(
            reader.ReadInstant(), TimeSpan.FromTicks(reader.ReadInt64()), reader.ReadInstant(), reader.ReadInstant(), reader.ReadBoolean(),
            reader.ReadBoolean(), [])
        {
            AreProblemsLasting = reader.ReadBoolean(),
            CutAt = reader.ReadInstant() is var cutAt && cutAt > DateTimeOffset.MinValue ? cutAt : null,
            SeenUntil = reader.ReadInstant(),
        };
        var blocks = ReadNames(reader);
        var (names, extras) = (reader.ReadString(), reader.ReadString());
        return day with
        {
            Metadata = extras.Length == 0 ? reader.ReadExtras(day.Day, metadata) : metadata,
            Blocks = blocks,
            Names = names.Length == 0 ? null : names,
            Extras = extras.Length == 0 ? null : extras,
        };
    }

    private static void WriteExtras(this BinaryWriter writer, RecordMetadata metadata)
    {
        writer.Write7BitEncodedInt(metadata.Problems.Count);
        foreach (var problem in metadata.Problems)
        {
            writer.Write7BitEncodedInt((int)problem.Reason);
            writer.Write7BitEncodedInt(problem.Position ?? -1);
            writer.Write7BitEncodedInt(problem.Count ?? -1);
            writer.Write7BitEncodedInt(problem.More ?? -1);
            writer.Write(problem.Number?.ToString() ?? "");
        }

        writer.Write7BitEncodedInt(metadata.Doubts.Count);
        foreach (var doubt in metadata.Doubts)
        {
            writer.Write(doubt.Hash);
            writer.WriteInstant(doubt.Since ?? DateTimeOffset.MinValue);
        }

        writer.Write7BitEncodedInt(metadata.Removed.Count);
        foreach (var removed in metadata.Removed)
        {
            writer.Write(removed.RemovedAt);
            writer.WriteMessage(removed.Message);
        }
    }

    private static RecordMetadata ReadExtras(this BinaryReader reader, DateOnly day, RecordMetadata metadata)
    {
        var problems = new MessageProblem[reader.ReadCount()];
        for (var i = 0; i < problems.Length; i++)
        {
            var reason = (ProblemReason)reader.Read7BitEncodedInt();
            var (position, count, more) = (reader.ReadOptional(), reader.ReadOptional(), reader.ReadOptional());
            var number = reader.ReadString();
            problems[i] = Enum.IsDefined(reason)
                ? new MessageProblem(day, position, count, more, reason) { Number = number.Length == 0 ? null : RentedNumber.Reported(number) }
                : throw new InvalidDataException("A reason is unknown.");
        }

        var doubts = new Doubt[reader.ReadCount()];
        for (var i = 0; i < doubts.Length; i++)
        {
            var (hash, since) = (reader.ReadUInt64(), reader.ReadInstant());
            doubts[i] = new Doubt(hash, since == DateTimeOffset.MinValue ? null : since);
        }

        var removed = new RemovedMessage[reader.ReadCount()];
        var names = new NamePool();
        for (var i = 0; i < removed.Length; i++)
        {
            var at = reader.ReadInt64();
            removed[i] = new RemovedMessage(reader.ReadMessage(day, names), at);
        }

        return metadata with { Problems = problems, Doubts = doubts, Removed = removed };
    }

    private static int? ReadOptional(this BinaryReader reader) => reader.Read7BitEncodedInt() is var number and >= 0 ? number : null;

    private static void WriteNames(this BinaryWriter writer, IReadOnlyList<string> names)
    {
        writer.Write7BitEncodedInt(names.Count);
        foreach (var name in names)
        {
            writer.Write(Convert.FromHexString(name));
        }
    }

    private static string[] ReadNames(BinaryReader reader)
    {
        const int length = 16;
        var names = new string[reader.ReadCount()];
        for (var i = 0; i < names.Length; i++)
        {
            var bytes = reader.ReadBytes(length);
            names[i] = bytes.Length == length ? Convert.ToHexStringLower(bytes) : throw new InvalidDataException("A name is cut.");
        }

        return names;
    }
}

/// <summary>A day that was stored as a value of its own.</summary>
/// <param name="Day">The day.</param>
/// <param name="Messages">Its messages; empty where it names blocks.</param>
internal sealed record StoredDay(ListedDay Day, List<Message> Messages);
