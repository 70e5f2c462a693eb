using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

/// <summary>Which messages belong to the snapshot of a walk, which to its changes, and where it goes on in another epoch.</summary>
public sealed class WalkPlaceTests
{
    private const long AsOf = 1_773_000_000_000_000;

    private static readonly DateTimeOffset Began = Stamp.InstantOf(AsOf);

    private readonly ScopeHead head = ScopeHead.New() with { LastStamp = AsOf };

    [Theory]
    [InlineData(-10, false, -3600, true, false)] // known when the walk began
    [InlineData(0, false, -3600, true, false)]
    [InlineData(0, true, -3600, true, false)]
    [InlineData(1, false, -3600, false, true)] // learned since, however it is dated
    [InlineData(1, false, 3600, false, true)]
    [InlineData(1, true, -3600, true, false)] // a first read of a day that the walk comes to: it was there before
    [InlineData(1, true, 0, true, false)]
    [InlineData(1, true, 1, false, true)] // a first read of a day that began later
    public void Membership_StampFirstAndDate_IsSnapshotOrChange(int learned, bool isFirst, int dated, bool isInSnapshot, bool isChange)
    {
        var place = Snapshot();
        var message = Dated(dated, learned, isFirst);

        Assert.Equal(isInSnapshot, place.IsInSnapshot(message));
        place.EndSnapshot(DateTimeOffset.MaxValue);
        Assert.Equal(isChange, place.IsChange(message));
    }

    [Theory]
    [InlineData(-50, -20, -10, true, false)] // all of it before the walk began
    [InlineData(-50, -20, 10, false, true)] // the walk began within its absence
    [InlineData(-50, 5, 10, true, false)] // it was in the snapshot
    [InlineData(5, 7, 10, false, true)] // the place has not passed its first stamp, so it was not given
    public void Membership_ReturnedMessage_IsNewsForWalksThatBeganWithinItsAbsence(
        int learned, int removed, int returned, bool isInSnapshot, bool isChange)
    {
        var place = Snapshot();
        var message = Returned(learned, removed, returned);

        Assert.Equal(isInSnapshot, place.IsInSnapshot(message));
        place.EndSnapshot(DateTimeOffset.MaxValue);
        Assert.Equal(isChange, place.IsChange(message));
        place.MoveTo(message.Stamp);
        Assert.False(place.IsChange(message));
    }

    [Fact]
    public void IsChange_ReturnedMessageThatWasGiven_IsNoNews()
    {
        var place = Snapshot();
        place.EndSnapshot(DateTimeOffset.MaxValue);
        place.MoveTo(new Stamp(AsOf + 5, 0));

        Assert.False(place.IsChange(Returned(5, 7, 10)));
    }

    [Theory]
    [InlineData(-10, false, 5, false)] // known before
    [InlineData(10, false, -1, false)] // brought by the first question, dated before the start
    [InlineData(10, false, 0, true)]
    [InlineData(10, true, 0, true)]
    [InlineData(10, true, -1, false)]
    [InlineData(60_000_000, false, -3600, true)] // brought by a later question
    [InlineData(60_000_000, true, -3600, false)] // a day that nobody had read
    public void IsChange_FromNowOn_IsWhatIsDatedFromThereOrLearnedLater(int learned, bool isFirst, int dated, bool isChange)
    {
        var place = new WalkPlace(Query(fromNow: true), head, Began, Zone);
        Assert.Equal((WalkState.Now, Began, Stamp.EndOf(AsOf)), (place.State, place.Moment, place.AsOf));

        place.EndWait(head with { LastStamp = AsOf + 5_000_000 }, Began.AddSeconds(7));

        Assert.Equal(WalkState.Changes, place.State);
        Assert.Equal(isChange, place.IsChange(Dated(dated, learned, isFirst)));
    }

    [Fact]
    public void EndWait_ClockOfWebSmsIsAhead_ComparesDatesInItsClock()
    {
        var place = new WalkPlace(Query(fromNow: true), head, Began, Zone);

        place.CorrectMoment(TimeSpan.FromMinutes(5));
        place.EndWait(head with { LastStamp = AsOf + 100 }, Began.AddSeconds(7));

        Assert.False(place.IsChange(Dated(299, 50)));
        Assert.True(place.IsChange(Dated(300, 50)));
    }

    [Theory]
    [InlineData(-40)]
    [InlineData(40)]
    public void CorrectMoment_ClockOfWebSmsWasNotKnown_CorrectsTheFloorToo(int ahead)
    {
        var place = new WalkPlace(Query(fromNow: true), head, Began, Zone);

        place.CorrectMoment(TimeSpan.FromSeconds(ahead));
        Assert.Equal(Began.AddSeconds(ahead), place.Floor);

        // A page that gives nothing, because a day cannot be read, leaves the floor where it is.
        place.EndWait(head with { LastStamp = AsOf + 100 }, Began.AddSeconds(7));
        place.SetFloor(place.Floor);
        Assert.True(place.IsChange(Dated(ahead + 4, 60_000_000, isFirst: true)));
        Assert.False(place.IsChange(Dated(ahead - 1, 60_000_000, isFirst: true)));
    }

    [Fact]
    public void BeginBy_QuestionWasSentBeforeTheMoment_MovesTheFloorBackWithIt()
    {
        var place = new WalkPlace(Query(fromNow: true), head with { Ahead = TimeSpan.Zero }, Began, Zone);

        place.BeginBy(Began.AddSeconds(3));
        Assert.Equal((Began, Began), (place.Moment, place.Floor));

        place.BeginBy(Began.AddSeconds(-3));
        Assert.Equal((Began.AddSeconds(-3), Began.AddSeconds(-3)), (place.Moment, place.Floor));
    }

    [Fact]
    public void IsChange_DatedOutsideOfTheRange_IsNotGiven()
    {
        var query = Query() with { Range = new TimeRange(default, Began.AddSeconds(10)), Start = Began.AddSeconds(-10) };
        var place = new WalkPlace(query, head, Began, Zone);
        place.BeginSnapshot(head, TimeSpan.Zero, head.LastStamp);
        place.EndSnapshot(DateTimeOffset.MaxValue);

        Assert.Equal(
            [false, true, true, false], ((int[])[-11, -10, 9, 10]).Select(second => place.IsChange(Dated(second, 5))));
    }

    [Fact]
    public void IsChange_StartWithAFraction_HasTheSameBorderAfterACursor()
    {
        var query = Query() with { Start = Began.AddSeconds(-0.5) };
        var place = new WalkPlace(query, head, Began, Zone);
        place.BeginSnapshot(head, TimeSpan.Zero, head.LastStamp);
        place.EndSnapshot(DateTimeOffset.MaxValue);
        using var codec = new CursorCodec(Options.Create(new CacheOptions()), Options.Create(new UpstreamOptions()), Keys);
        var next = new WalkPlace(query with { Cursor = codec.Decode(codec.Encode(place.Cursor)) }, head, Began, Zone);

        foreach (var walk in (WalkPlace[])[place, next])
        {
            Assert.Equal((false, true), (walk.IsChange(Dated(-1, 5)), walk.IsChange(Dated(0, 5))));
        }
    }

    [Fact]
    public void Cursor_AnyState_IsTheSamePlaceAgain()
    {
        var place = Snapshot();
        AssertSame(place);
        place.MoveTo(new MessagePosition(Began.ToUnixTimeSeconds(), 3));
        place.SetFloor(Began.AddSeconds(-7));
        AssertSame(place);
        place.EndSnapshot(DateTimeOffset.MaxValue);
        AssertSame(place);
        AssertSame(new WalkPlace(Query(fromNow: true), head, Began, Zone));

        void AssertSame(WalkPlace walk) =>
            Assert.Equal(walk.Cursor, new WalkPlace(Query() with { Cursor = walk.Cursor }, head, Began.AddDays(1), Zone).Cursor);
    }

    [Fact]
    public void MoveTo_AnEarlierPlace_DoesNotMoveBack()
    {
        var place = Snapshot();
        place.MoveTo(new MessagePosition(Began.ToUnixTimeSeconds(), 3));
        place.MoveTo(new MessagePosition(Began.ToUnixTimeSeconds(), 2));
        place.EndSnapshot(DateTimeOffset.MaxValue);
        place.MoveTo(new Stamp(AsOf + 9, 0));
        place.MoveTo(new Stamp(AsOf + 8, 7));

        Assert.Equal(new Stamp(AsOf + 9, 0), place.Learned);
    }

    private WalkPlace Snapshot()
    {
        var place = new WalkPlace(Query(), head, Began, Zone);
        place.BeginSnapshot(head, TimeSpan.Zero, head.LastStamp);
        Assert.Equal((WalkState.Snapshot, Stamp.EndOf(AsOf), Began), (place.State, place.AsOf, place.Moment));
        return place;
    }

    private static MessageQuery Query(bool fromNow = false) => new()
    {
        Numbers = NumberSet.All,
        Fields = MessageFields.All,
        Range = new TimeRange(Began.AddDays(-2), null),
        Start = fromNow ? null : Began.AddDays(-2),
        Ascending = true,
        FromNow = fromNow,
    };

    private static Message Dated(int seconds, int learned, bool isFirst = false)
    {
        var at = Zone.InZone(Began.AddSeconds(seconds));
        return MessageFactory.Make(new MessageId(Zone.DayOf(at), 1), Number, Sender.Reported("900"), at, "x")
            .Placed(0, new Stamp(AsOf + learned, 0), isFirst);
    }

    private static ReturnedMessage Returned(int learned, int removed, int returned) =>
        new(Dated(-600, learned), new Stamp(AsOf + returned, 0), new Stamp(AsOf + learned, 0), AsOf + removed);
}
