using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

public sealed class DayRecordTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_AnyArrivals_IsWhatSortingAllOfThemGives(int seed)
    {
        var random = new Random(seed);
        var all = new List<Message>();
        var ranks = new Dictionary<int, int>();
        var record = DayRecord.Of(Day, [], Metadata(Moment(11, 0)));
        for (var refresh = 0; refresh < 12; refresh++)
        {
            // Most messages arrive at the end of the day, some anywhere, and often as many as a block has.
            var arrivals = new List<Message>();
            var count = random.Next(4) switch { 0 => 0, 1 => 1, 2 => random.Next(DayRecord.BlockLength), _ => DayRecord.BlockLength };
            for (var i = 0; i < count; i++)
            {
                var second = random.Next(3) == 0 ? random.Next(86_400) : (refresh * 7000) + random.Next(7000);
                ranks[second] = ranks.GetValueOrDefault(second, -1) + 1;
                arrivals.Add(At(TimeSpan.FromSeconds(second), $"Текст {refresh}-{i}", ranks[second], moment: 1 + refresh, ordinal: i));
            }

            all.AddRange(arrivals);
            record = record.With(arrivals, Metadata(Moment(11, refresh)));
        }

        var expected = all.OrderBy(message => message.Position).ToList();
        Assert.Equal(expected.Select(message => message.Id), Enumerable.Range(0, record.Count).Select(index => record[index].Id));
        Assert.Equal(DayRecord.Of(Day, [.. all], Metadata(Moment(11, 0))).Cost, record.Cost);
        Assert.All(record.Blocks[..^1].ToArray(), block => Assert.Equal(DayRecord.BlockLength, block.Messages.Length));
        for (var i = 0; i < 200; i++)
        {
            var place = MessagePosition.AtOrAfter(Moment(11, 0).AddSeconds(random.Next(-10, 86_410)));
            Assert.Equal(expected.Count(message => message.Position < place), record.IndexOf(place));
        }

        foreach (var message in expected)
        {
            Assert.Same(message, record.At(message.Position));
            Assert.Same(message, record.Find(message.Id.Hash));
            Assert.Same(message, record.Find(message.Position.Second, message.Id.Hash));
        }

        Assert.Equal(all.Select(message => message.Stamp).Append(Stamp.None).Max(), record.NewestStamp);
    }

    [Fact]
    public void With_ArrivalsAtTheEnd_SharesAllBlocksButTheLast()
    {
        var before = Record(1000);

        var after = before.With(Sequence(3, from: 1000), Metadata(Moment(11, 13)));

        Assert.Equal(1003, after.Count);
        for (var i = 0; i < 3; i++)
        {
            Assert.Same(before.Blocks[i], after.Blocks[i]);
        }
    }

    [Fact]
    public void With_NothingNew_KeepsTheBlocksAndTakesTheMetadata()
    {
        var before = Record(300);

        var after = before.With([], Metadata(Moment(11, 13)));

        Assert.Same(before.Blocks[1], after.Blocks[1]);
        Assert.Equal(Moment(11, 13), after.AskedAt);
        Assert.Equal(before.Cost, after.Cost);
    }

    [Fact]
    public void At_UnknownPlace_IsNull()
    {
        var record = Record(10);

        Assert.Null(record.At(new MessagePosition(record[3].Position.Second, 1)));
        Assert.Null(record.At(new MessagePosition(long.MaxValue, 0)));
        Assert.Null(record.Find(1));
        Assert.Null(record.Find(record[3].Position.Second, 1));
        Assert.Null(record.Find(record[3].Position.Second + 1, record[3].Id.Hash));
    }

    [Fact]
    public void Newest_EmptyDay_IsNull() => Assert.Null(Record(0).Newest);

    [Fact]
    public void Find_SecondWithManyMessages_FindsEachOfThem()
    {
        var crowd = Enumerable.Range(0, 600).Select(rank => At(TimeSpan.FromSeconds(5), $"Код {rank}", rank, ordinal: rank)).ToList();
        var record = DayRecord.Of(Day, [.. Sequence(5), .. crowd, .. Sequence(9, from: 6)], Metadata(Moment(11, 12)));

        Assert.All(crowd, message => Assert.Same(message, record.Find(message.Position.Second, message.Id.Hash)));
        Assert.Null(record.Find(crowd[0].Position.Second, 1));
        Assert.Same(record[3], record.Find(record[3].Position.Second, record[3].Id.Hash));
    }
}
