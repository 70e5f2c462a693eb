using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

/// <summary>Where a walk goes on when the head has begun another epoch.</summary>
public sealed class LostEpochTests
{
    private static readonly DateTimeOffset Place = Moment(11, 12);

    private readonly ScopeHead head = ScopeHead.New();

    [Fact]
    public void EnterEpoch_SnapshotThatHasGivenAWholeSecond_GoesOnBehindIt()
    {
        var whole = new MessagePosition(Place.ToUnixTimeSeconds(), int.MaxValue);

        Assert.Equal(whole, Entered(Cursor(WalkState.Snapshot, Place) with { Place = whole }).Place);
    }

    [Theory]
    [InlineData(nameof(WalkState.Snapshot), 0, 0)] // nothing holds the floor back: from the second of its place
    [InlineData(nameof(WalkState.Snapshot), 600, 0)]
    [InlineData(nameof(WalkState.Snapshot), -600, -720)] // two minutes before the floor
    [InlineData(nameof(WalkState.Changes), -600, -720)]
    [InlineData(nameof(WalkState.Changes), 600, 480)]
    public void EnterEpoch_SnapshotOrChanges_GoesOnByTime(string state, int floor, int expected)
    {
        var cursor = Cursor(Enum.Parse<WalkState>(state), Place.AddSeconds(floor));
        var place = Entered(cursor);

        Assert.Equal((WalkState.Snapshot, head.Epoch, null, default(Stamp)), (place.State, place.Epoch, place.AsOf, place.Learned));
        Assert.Equal(new MessagePosition(Place.AddSeconds(expected).ToUnixTimeSeconds() - 1, int.MaxValue), place.Place);
        Assert.Equal(cursor.Start, place.Start);
    }

    [Theory]
    [InlineData(nameof(WalkState.Snapshot))]
    [InlineData(nameof(WalkState.Changes))]
    public void EnterEpoch_DayThatWasNotRead_IsCoveredAgain(string state)
    {
        var cursor = Cursor(Enum.Parse<WalkState>(state), Moment(9, 0)) with { Covered = Day, Start = Moment(1, 0) };

        Assert.Equal(new DateOnly(2026, 3, 8), Entered(cursor).Covered);
        Assert.Equal(new DateOnly(2026, 3, 1), Entered(cursor with { Covered = new DateOnly(2026, 3, 1) }).Covered);

        // Nothing before its start has to be read.
        Assert.Equal(new DateOnly(2026, 3, 9), Entered(cursor with { Start = Moment(9, 0) }).Covered);
    }

    [Fact]
    public void EnterEpoch_FromNowOn_LeavesOnlyTheDate()
    {
        var place = Entered(Cursor(WalkState.Now, Place));
        Assert.Equal((WalkState.Now, Place, head.Epoch), (place.State, place.Moment, place.Epoch));

        place.EndWait(head with { LastStamp = Stamp.MomentOf(Place.AddSeconds(3)) }, Place.AddSeconds(7));

        Assert.True(place.IsChange(Dated(Place, Stamp.MomentOf(Place) - 1_000_000)));
        Assert.False(place.IsChange(Dated(Place.AddSeconds(-1), Stamp.MomentOf(Place) + 1_000_000)));
    }

    [Fact]
    public void EnterEpoch_SameEpochOrNotBegun_StaysWhereItIs()
    {
        var cursor = Cursor(WalkState.Changes, Place) with { Epoch = head.Epoch };
        Assert.Equal(cursor, Entered(cursor).Cursor);

        var fresh = Cursor(WalkState.Snapshot, Place) with { AsOf = null };
        Assert.Equal(fresh with { Epoch = head.Epoch }, Entered(fresh).Cursor);
    }

    [Fact]
    public void EnterEpoch_InTheHourThatTheClockRepeats_BeginsBeforeBoth()
    {
        // Moscow, 26.10.2014: at 02:00 the clock went back to 01:00.
        var floor = new DateTimeOffset(2014, 10, 26, 1, 30, 0, TimeSpan.FromHours(3));

        var place = Entered(Cursor(WalkState.Changes, floor));

        Assert.Equal(floor.AddMinutes(-62).ToUnixTimeSeconds() - 1, place.Place.Second);
    }

    [Fact]
    public void SetFloor_Changes_MakesWhatALostDayBringsAgainNoNews()
    {
        var place = new WalkPlace(Query(Cursor(WalkState.Changes, Place)), head, Place, Zone);
        var again = Dated(Place.AddHours(-3), Stamp.MomentOf(Place) + 1, isFirst: true);
        Assert.True(place.IsChange(again));

        place.SetFloor(Place.AddHours(-1));

        Assert.Equal(Place.AddHours(-1), place.Floor);
        Assert.False(place.IsChange(again));
        Assert.True(place.IsChange(Dated(Place.AddHours(-3), Stamp.MomentOf(Place) + 1)));
        place.SetFloor(Place.AddHours(-2));
        Assert.Equal((Place.AddHours(-2), Place.AddHours(-1).AddSeconds(-1)), (place.Floor, place.Moment));
    }

    private static PageCursor Cursor(WalkState state, DateTimeOffset floor) => new(7, state, 99)
    {
        Place = state == WalkState.Changes ? default : new MessagePosition(Place.ToUnixTimeSeconds(), 4),
        Learned = state == WalkState.Changes ? new Stamp(Stamp.MomentOf(Place), 4) : default,
        AsOf = Stamp.EndOf(Stamp.MomentOf(Place) - 50),
        Moment = state == WalkState.Now ? Place : Place.AddHours(-8),
        Start = state == WalkState.Now ? null : Moment(9, 0),
        Floor = floor,
        Covered = Day,
    };

    private WalkPlace Entered(PageCursor cursor)
    {
        var place = new WalkPlace(Query(cursor), head, Place, Zone);
        place.EnterEpoch(head);
        return place;
    }

    private static MessageQuery Query(PageCursor cursor) => new()
    {
        Numbers = NumberSet.All,
        Fields = MessageFields.All,
        Range = new TimeRange(Moment(9, 0), null),
        Start = cursor.Start,
        Ascending = true,
        Fingerprint = cursor.Query,
        Cursor = cursor,
    };

    private static Message Dated(DateTimeOffset at, long learned, bool isFirst = false) =>
        MessageFactory.Make(new MessageId(Day, 1), Number, Sender.Reported("900"), at, "x").Placed(0, new Stamp(learned, 0), isFirst);
}
