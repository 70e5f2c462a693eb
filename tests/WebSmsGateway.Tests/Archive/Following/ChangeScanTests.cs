using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Turns;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

public sealed class ChangeScanTests
{
    private const string Other = "79029999999";

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Take_AnyRecordsPlaceAndLimit_IsWhatSortingAllOfThemGives(int seed)
    {
        var random = new Random(seed);
        var messages = Enumerable.Range(0, random.Next(1, 2000))
            .Select(i => At(
                TimeSpan.FromSeconds(i), random.Next(2) == 0 ? "да" : "нет", moment: 1 + random.Next(40), ordinal: i,
                isFirst: random.Next(3) == 0, number: random.Next(3) == 0 ? Other : null))
            .ToList();
        var record = DayRecord.Of(Day, [.. messages], Metadata(Moment(11, 12)));
        var number = random.Next(2) == 0 ? RentedNumber.Reported(Other) : (RentedNumber?)null;
        var query = Query() with { Contains = random.Next(2) == 0 ? "да" : null, Number = number };
        var place = Place(query, learned: random.Next(40), moment: Moment(11, 0).AddSeconds(random.Next(2000)));
        var limit = random.Next(300);

        var scan = new ChangeScan(place, query, random.Next(2) == 0 ? query.Number : null, limit, new SearchTurns().Begin("a"));
        await scan.AddAsync([record], CancellationToken.None);

        var covered = messages.Where(message => message.Stamp > place.Learned && query.Covers(message)).ToList();
        var changes = covered.Where(place.IsChange).OrderBy(message => message.Stamp).ToList();
        var wanted = changes.Where(query.Passes).ToList();
        Assert.Equal(wanted.Take(limit), scan.Take());
        Assert.Equal((wanted.Count > limit, changes.Count > 0), (scan.HasLeft, scan.HasAny));
        Assert.Same(wanted.Skip(limit).MinBy(message => message.ReceivedAt), scan.EarliestLeft);
        Assert.Equal(covered.Select(message => message.Stamp).Append(Stamp.None).Max(), scan.LatestVisible);
    }

    [Fact]
    public async Task Add_RecordsOfSeveralDays_AreOneOrder()
    {
        var query = Query();
        var place = Place(query, 0, Moment(1, 0));
        var scan = new ChangeScan(place, query, null, 3, new SearchTurns().Begin("a"));

        await scan.AddAsync([Of(0, 30, 10), Of(1, 20, 40)], CancellationToken.None);
        await scan.AddAsync([Of(2, 50, 5)], CancellationToken.None);

        Assert.Equal([5, 10, 20], scan.Take().Select(message => message.Stamp.Moment));
        Assert.True(scan.HasLeft);

        static DayRecord Of(int day, params long[] moments) => DayRecord.Of(
            Day.AddDays(day), [.. moments.Select((moment, i) => At(TimeSpan.FromSeconds(i), moment: moment))], Metadata(Moment(14, 12)));
    }

    [Fact]
    public async Task Add_DayBeforeTheStart_IsNotLookedAt()
    {
        var query = Query() with { Start = Moment(12, 0) };
        var scan = new ChangeScan(Place(query, 0, Moment(1, 0)), query, null, 10, new SearchTurns().Begin("a"));

        await scan.AddAsync([Record(10)], CancellationToken.None);

        Assert.Equal((false, Stamp.None), (scan.HasAny, scan.LatestVisible));
    }

    [Fact]
    public async Task LatestVisible_MessagesOfOtherNumbers_DoNotMoveThePlace()
    {
        var query = Query() with { Numbers = NumberSet.Of([Number]) };
        var scan = new ChangeScan(Place(query, 0, Moment(1, 0)), query, null, 10, new SearchTurns().Begin("a"));

        List<Message> messages = [At(TimeSpan.Zero, moment: 5), At(TimeSpan.FromSeconds(1), moment: 9, number: Other)];
        await scan.AddAsync([DayRecord.Of(Day, messages, Metadata(Moment(11, 12)))], CancellationToken.None);

        Assert.Equal(new Stamp(5, 0), scan.LatestVisible);
    }

    private static MessageQuery Query() => new()
    {
        Numbers = NumberSet.All,
        Fields = MessageFields.All,
        Range = new TimeRange(Moment(10, 0), null),
        Start = Moment(10, 0),
        Ascending = true,
    };

    private static WalkPlace Place(MessageQuery query, long learned, DateTimeOffset moment)
    {
        var cursor = new PageCursor(0, WalkState.Changes, 1)
        {
            Learned = Stamp.EndOf(learned),
            AsOf = Stamp.EndOf(learned),
            Moment = moment,
            Start = query.Start,
            Floor = moment,
            Covered = Day,
        };
        return new WalkPlace(query with { Cursor = cursor }, ScopeHead.New(), moment, Zone);
    }
}
