using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

public sealed class NumberIndexTests
{
    private const int Numbers = 7;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Of_RecordThatGrowsAndShrinks_IsWhatAFilterGives(int seed)
    {
        var random = new Random(seed);
        var ranks = new Dictionary<int, int>();
        var record = DayRecord.Of(Day, [], Metadata(Moment(11, 0)));
        for (var step = 0; step < 14; step++)
        {
            var arrivals = new List<Message>();
            for (var left = random.Next(3) == 0 ? 1 : random.Next(3 * DayRecord.BlockLength); left > 0; left--)
            {
                // Most arrive at the end, some anywhere in what is known and indexed.
                var second = random.Next(20) == 0 ? random.Next(86_400) : (step * 6000) + random.Next(6000);
                ranks[second] = ranks.GetValueOrDefault(second, -1) + 1;
                var number = $"7902000000{random.Next(Numbers)}";
                arrivals.Add(At(TimeSpan.FromSeconds(second), $"{step} {left}", ranks[second], step + 1, left, number: number));
            }

            record = random.Next(5) > 0
                ? record.With(arrivals, record.Metadata)
                : DayRecord.Of(Day, [.. MessagesOf(record).Where(_ => random.Next(50) > 0), .. arrivals], record.Metadata);
            Check(record, random);
        }
    }

    [Fact]
    public void Of_NoNumber_IsAll() => Assert.Equal(3, Record(3).Of(null).Count);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(5000)]
    public void Of_NumberWithoutMessages_IsEmpty(int count)
    {
        var view = Record(count).Of(RentedNumber.Reported("79990000000"));

        Assert.Equal((0, 0), (view.Count, view.IndexOf(default)));
    }

    [Fact]
    public void Covers_SharedBlocks_IsTrueAndFalseOnceOneOfThemDiffers()
    {
        var record = Record(2000);
        var index = NumberIndex.Over(record.Blocks[..^1]);

        Assert.True(index.Covers(record.With(Sequence(700, from: 2000), record.Metadata).Blocks));
        Assert.False(index.Covers(record.With([At(TimeSpan.FromSeconds(1500), "spät", rank: 1)], record.Metadata).Blocks));
        Assert.False(index.Covers(record.Blocks[..3]));
    }

    private static void Check(DayRecord record, Random random)
    {
        for (var i = 0; i < Numbers; i++)
        {
            // Not every number is read each time, so that an index grows old.
            if (random.Next(3) == 0)
            {
                continue;
            }

            var number = RentedNumber.Reported($"7902000000{i}");
            var expected = MessagesOf(record).Where(message => message.RentedNumber == number).ToList();
            var view = record.Of(number);
            Assert.Equal(expected, Enumerable.Range(0, view.Count).Select(index => view[index]));
            var place = MessagePosition.AtOrAfter(Moment(11, 0).AddSeconds(random.Next(86_400)));
            Assert.Equal(expected.Count(message => message.Position < place), view.IndexOf(place));
        }
    }
}
