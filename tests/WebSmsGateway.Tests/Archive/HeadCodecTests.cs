using System.Collections.Immutable;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

public sealed class HeadCodecTests
{
    private const string Name = "00112233445566778899aabbccddeeff";

    [Fact]
    public void ReadHead_WhatWriteHeadWrote_IsTheSameHead()
    {
        var head = Head();

        var read = HeadCodec.ReadHead(HeadCodec.WriteHead(head))!;

        Assert.Equal(
            (head.Epoch, head.LastStamp, head.FinalsSince, head.Ahead, head.IsNewestFirst),
            (read.Epoch, read.LastStamp, read.FinalsSince, read.Ahead, read.IsNewestFirst));
        Assert.Equal(head.Ancestors.ToArray(), read.Ancestors.ToArray());
        Assert.Equal(head.Days.Keys, read.Days.Keys);
        foreach (var (expected, day) in head.Days.Values.Zip(read.Days.Values))
        {
            AssertSame(expected, day);
        }
    }

    [Fact]
    public void ReadHead_EmptyHead_IsTheSame() => Assert.Empty(HeadCodec.ReadHead(HeadCodec.WriteHead(ScopeHead.New()))!.Days);

    [Fact]
    public void ReadHead_AnyDamage_IsReadOrAMissAndNeverThrows()
    {
        var value = HeadCodec.WriteHead(Head());
        Mutations.Each(value, HeadCodec.ReadHead);
        Mutations.EachUnpacked(value, HeadCodec.ReadHead);
        for (var length = 0; length < value.Length; length++)
        {
            HeadCodec.ReadHead(value[..length]);
        }

        Assert.Null(HeadCodec.ReadHead(value[..(value.Length / 2)]));
    }

    [Fact]
    public void Read_AnotherVersionOrAnotherKindOfValue_IsAMiss()
    {
        var foreign = Packed.Write(writer =>
        {
            writer.Write((byte)1);
            writer.Write(new byte[200]);
        });

        Assert.Null(HeadCodec.ReadHead(foreign));
        Assert.Null(HeadCodec.ReadDay(foreign));
        Assert.Null(HeadCodec.ReadHead([]));
        Assert.Null(HeadCodec.ReadNames([1, 2, 3]));
        Assert.Null(HeadCodec.ReadDay(HeadCodec.WriteDay(new ListedDay(Day, Stamp.None), [])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(600)]
    public void ReadDay_DayOfItsOwn_HasItsMessagesAndProperties(int count)
    {
        var record = DayRecord.Of(Day, Sequence(count), Rich());
        var listed = new ListedDay(Day, record.NewestStamp) { Metadata = record.Metadata };

        var value = HeadCodec.WriteDay(listed, record.Blocks.ToArray());
        var read = HeadCodec.ReadDay(value)!;

        AssertSame(listed, read.Day);
        MessageCodecTests.AssertSame([.. MessagesOf(record)], read.Messages);
        if (count == 5)
        {
            Mutations.Each(value, HeadCodec.ReadDay);
            Mutations.EachUnpacked(value, HeadCodec.ReadDay);
        }
    }

    [Fact]
    public void ReadNamesAndExtras_WhatWasWritten_IsTheSame()
    {
        string[] names = [Name, "ffeeddccbbaa99887766554433221100"];
        var day = new ListedDay(Day, Stamp.None) { Metadata = Metadata(Moment(11, 12)) };

        Assert.Equal(names, HeadCodec.ReadNames(HeadCodec.WriteNames(names)));
        AssertSame(
            day with { Metadata = day.Metadata with { Problems = Rich().Problems, Doubts = Rich().Doubts, Removed = Rich().Removed } },
            day with { Metadata = HeadCodec.ReadExtras(day, HeadCodec.WriteExtras(Rich())) });
        Mutations.EachUnpacked(HeadCodec.WriteNames(names), HeadCodec.ReadNames);
        Mutations.EachUnpacked(HeadCodec.WriteExtras(Rich()), value => HeadCodec.ReadExtras(day, value));
    }

    [Fact]
    public void WriteHead_DayOfAHundredThousandMessages_IsUnderEightKilobytes()
    {
        var model = new StoreModel();
        var replica = new StoreReplicaModel(model);
        var head = ScopeHead.New() with { Ancestors = [.. Enumerable.Range(0, 16).Select(i => ulong.MaxValue - (ulong)i)] };
        var values = new List<StoredValue>();
        var open = DayRecord.Of(Day, Busy(100_000, "open"), Rich());
        var days = head.Days.Add(Day, replica.Days.List(Scope.Account, open, values));
        for (var back = 1; back <= 8; back++)
        {
            var closed = DayRecord.Of(Day.AddDays(-back), Busy(4_000, $"{back}"), Rich());
            days = days.Add(closed.Day, replica.Days.List(Scope.Account, closed, values))
                .Add(closed.Day.AddDays(-10), new ListedDay(closed.Day.AddDays(-10), new Stamp(back, 0)));
        }

        Assert.InRange(HeadCodec.WriteHead(head with { Days = days }).Length, 2000, 8 * 1024);

        // All blocks, the names of the open day, and the extras of each listed day.
        Assert.Equal(391 + (8 * 16) + 1 + 9, values.Count);

        static List<Message> Busy(int count, string name) =>
            [.. Enumerable.Range(0, count).Select(i => At(TimeSpan.FromSeconds(i / 2), $"{name} {i}", rank: i % 2, ordinal: i))];
    }

    private static ScopeHead Head() => ScopeHead.New() with
    {
        Ancestors = [1, 2, ulong.MaxValue],
        LastStamp = 1_773_000_000_000_000,
        FinalsSince = 5,
        Ahead = TimeSpan.FromSeconds(-3),
        IsNewestFirst = true,
        Days = ImmutableSortedDictionary<DateOnly, ListedDay>.Empty
            .Add(Day, new ListedDay(Day, new Stamp(7, 8)) { Metadata = Rich(), Blocks = [Name, Name], Names = Name })
            .Add(Day.AddDays(1), new ListedDay(Day.AddDays(1), new Stamp(9, 0))
            {
                Metadata = Metadata(Moment(12, 1), isWhole: false),
                Extras = Name,
            })
            .Add(Day.AddDays(-1), new ListedDay(Day.AddDays(-1), new Stamp(6, 0))),
    };

    private static RecordMetadata Rich() =>
        new(Moment(11, 12), TimeSpan.FromMinutes(-5), Moment(11, 12, 0, 1), Moment(11, 10), IsWhole: true, IsFinal: false,
        [MessageProblem.OfRecord(Day, 7, ProblemReason.UnreadableDate, Number), MessageProblem.OfRecord(Day, 8, ProblemReason.UnreadableNumber),
            MessageProblem.OfDay(Day, 3, ProblemReason.OutsideOfQuestion), MessageProblem.OfRest(Day, 900, ProblemReason.UnreadableDate)])
        {
            CutAt = Moment(11, 13),
            SeenUntil = Moment(11, 14),
            Doubts = [new Doubt(1, null), new Doubt(ulong.MaxValue, Moment(11, 11))],
            Removed = [new RemovedMessage(At(TimeSpan.FromHours(1), "fort"), 17)],
        };

    private static void AssertSame(ListedDay expected, ListedDay read)
    {
        Assert.Equal((expected.Day, expected.Newest, expected.Names, expected.Extras), (read.Day, read.Newest, read.Names, read.Extras));
        Assert.Equal(expected.Blocks, read.Blocks);
        Assert.Equal(expected.Metadata is null, read.Metadata is null);
        if (expected.Metadata is { } before && read.Metadata is { } after)
        {
            Assert.Equal(
                (before.AskedAt, before.Ahead, before.ReceivedAt, before.ReadWholeAt, before.IsWhole, before.IsFinal),
                (after.AskedAt, after.Ahead, after.ReceivedAt, after.ReadWholeAt, after.IsWhole, after.IsFinal));
            Assert.Equal(before.CutAt, after.CutAt);
            Assert.Equal(before.SeenUntil, after.SeenUntil);
            Assert.Equal(before.Problems, after.Problems);
            Assert.Equal(before.Doubts, after.Doubts);
            Assert.Equal(before.Removed.Select(removed => removed.RemovedAt), after.Removed.Select(removed => removed.RemovedAt));
            MessageCodecTests.AssertSame(
                [.. before.Removed.Select(removed => removed.Message)], [.. after.Removed.Select(removed => removed.Message)]);
        }
    }
}
