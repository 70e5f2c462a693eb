using WebSmsGateway.Caching;
using static WebSmsGateway.Tests.Caching.SampleMessages;

namespace WebSmsGateway.Tests.Caching;

public sealed class DaySegmentTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_AnyArrivals_IsWhatSortingAllOfThemGives(int seed)
    {
        var random = new Random(seed);
        var all = new List<Message>();
        var segment = DaySegment.Of(Day, [], Stamps(Moment(11, 0)));
        for (var refresh = 0; refresh < 12; refresh++)
        {
            // Mostly at the end of what is known, now and then anywhere, and often as many as a piece holds.
            var arrivals = new List<Message>();
            var count = random.Next(4) switch { 0 => 0, 1 => 1, 2 => random.Next(DaySegment.PieceLength), _ => DaySegment.PieceLength };
            for (var i = 0; i < count; i++)
            {
                var second = random.Next(3) == 0 ? random.Next(86_400) : (refresh * 7000) + random.Next(7000);
                arrivals.Add(At(TimeSpan.FromSeconds(second), $"Текст {refresh}-{i}"));
            }

            all.AddRange(arrivals);
            segment = segment.With(arrivals, Stamps(Moment(11, refresh)));
        }

        var expected = all.OrderBy(message => message.Position).ToList();
        Assert.Equal(expected.Select(message => message.Id), Enumerable.Range(0, segment.Count).Select(index => segment[index].Id));
        Assert.Equal(DaySegment.Of(Day, [.. all], Stamps(Moment(11, 0))).Cost, segment.Cost);
        Assert.All(segment.Pieces[..^1].ToArray(), piece => Assert.Equal(DaySegment.PieceLength, piece.Messages.Length));
        for (var i = 0; i < 200; i++)
        {
            var place = MessagePosition.AtOrAfter(Moment(11, 0).AddSeconds(random.Next(-10, 86_410)));
            Assert.Equal(expected.Count(message => message.Position < place), segment.IndexOf(place));
        }

        foreach (var message in expected)
        {
            Assert.Same(message, segment.At(message.Position));
            Assert.Same(message, segment.Find(message.Position.Hash));
        }
    }

    [Fact]
    public void With_ArrivalsAtTheEnd_SharesAllPiecesButTheLast()
    {
        var before = Segment(1000);

        var after = before.With(Sequence(3, from: 1000), Stamps(Moment(11, 13)));

        Assert.Equal(1003, after.Count);
        for (var i = 0; i < 3; i++)
        {
            Assert.Same(before.Pieces[i], after.Pieces[i]);
        }
    }

    [Fact]
    public void With_NothingNew_KeepsThePiecesAndTakesTheStamps()
    {
        var before = Segment(300);

        var after = before.With([], Stamps(Moment(11, 13)));

        Assert.Same(before.Pieces[1], after.Pieces[1]);
        Assert.Equal(Moment(11, 13), after.AskedAt);
        Assert.Equal(before.Cost, after.Cost);
    }

    [Fact]
    public void At_UnknownPlace_IsNull()
    {
        var segment = Segment(10);

        Assert.Null(segment.At(new MessagePosition(segment[3].Position.Second, 1)));
        Assert.Null(segment.At(new MessagePosition(long.MaxValue, 0)));
        Assert.Null(segment.Find(1));
    }

    [Fact]
    public void Newest_EmptyDay_IsNull() => Assert.Null(Segment(0).Newest);

    [Fact]
    public void PieceId_SameMessagesElsewhere_IsTheSame()
    {
        Assert.Equal(Segment(256).Pieces[0].Id, Segment(256).Pieces[0].Id);
        Assert.NotEqual(Segment(256).Pieces[0].Id, Segment(255).Pieces[0].Id);
    }
}
