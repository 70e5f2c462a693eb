using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// The place of an ascending walk, as a cursor has it, while a page is made: a snapshot in the order of time first, then changes in the order
/// of discovery. It decides which messages belong to which of the two.
/// </summary>
internal sealed class WalkPlace
{
    private readonly MessageQuery query;
    private readonly AccountZone zone;

    /// <param name="query">The query.</param>
    /// <param name="head">The head that the walk begins with, if it begins now.</param>
    /// <param name="there">The moment in the clock of WEBSMS, or in that of the process before the first answer.</param>
    /// <param name="zone">The zone of the account.</param>
    public WalkPlace(MessageQuery query, ScopeHead head, DateTimeOffset there, AccountZone zone)
    {
        (this.query, this.zone) = (query, zone);
        if (query.Cursor is { } cursor)
        {
            (State, Epoch, Place, Learned, AsOf) = (cursor.State, cursor.Epoch, cursor.Place, cursor.Learned, cursor.AsOf);
            (Moment, IsMomentOurs, IsResumed) = (cursor.Moment, cursor.IsMomentOurs, cursor.IsResumed);
            (Start, Covered, Floor) = (cursor.Start, cursor.Covered, cursor.Floor);
            return;
        }

        // Messages have whole seconds, and so do cursors. A start within a second gives what the next second gives.
        Start = query.Start is { } start ? MessagePosition.AtOrAfter(start).Instant : null;
        Epoch = head.Epoch;
        if (query.FromNow)
        {
            State = WalkState.Now;
            (Moment, IsMomentOurs) = (Seconds(there), head.Ahead is null);
            AsOf = Stamp.EndOf(head.LastStamp);
            Floor = Moment;
        }
        else
        {
            State = WalkState.Snapshot;
            Floor = Start!.Value;
            Place = Before(Floor);
        }

        Covered = zone.DayOf(Floor);
    }

    public WalkState State { get; private set; }

    public ulong Epoch { get; private set; }

    /// <summary>Of a snapshot: the last given place.</summary>
    public MessagePosition Place { get; private set; }

    /// <summary>Of changes: the last given place.</summary>
    public Stamp Learned { get; private set; }

    /// <summary>The stamp behind which the changes are.</summary>
    public Stamp Since => State == WalkState.Snapshot ? AsOf ?? Stamp.None : Learned;

    /// <summary>The stamp behind which records are looked at.</summary>
    public Stamp Looked => State == WalkState.Changes ? Learned : AsOf ?? Stamp.None;

    /// <summary>Of changes: the stamp behind which those of a day are. What is dated up to the moment and was known then is none.</summary>
    public Stamp SinceOn(DateOnly day) => AsOf > Learned && zone.EndOf(day) <= Moment ? AsOf.Value : Learned;

    /// <summary>The last stamp when the walk began; null before its first days were read.</summary>
    public Stamp? AsOf { get; private set; }

    /// <summary>When the walk began, in whole seconds of WEBSMS's clock.</summary>
    public DateTimeOffset Moment { get; private set; }

    /// <inheritdoc cref="PageCursor.IsMomentOurs"/>
    public bool IsMomentOurs { get; private set; }

    /// <inheritdoc cref="PageCursor.IsResumed"/>
    public bool IsResumed { get; private set; }

    /// <summary>The earliest date that the walk gives; null for any.</summary>
    public DateTimeOffset? Start { get; }

    /// <summary>The first day that the walk has not seen read past its end.</summary>
    public DateOnly Covered { get; set; }

    /// <summary>What is dated earlier and was known has been given.</summary>
    public DateTimeOffset Floor { get; private set; }

    /// <summary>The first day that may have messages to give.</summary>
    public DateOnly? FirstDay => Start is { } start ? zone.DayOf(start) : null;

    public PageCursor Cursor => new(query.Fingerprint, State, Epoch)
    {
        Place = State == WalkState.Changes ? default : Place,
        Learned = State == WalkState.Changes ? Learned : default,
        AsOf = AsOf,
        Moment = Moment,
        IsMomentOurs = IsMomentOurs,
        IsResumed = IsResumed,
        Start = Start,
        Covered = Covered,
        Floor = Floor,
    };

    /// <summary>
    /// Goes on in another epoch, by time: from its place in a snapshot, else from two minutes before its floor. What is given again has the
    /// same ids.
    /// </summary>
    public void EnterEpoch(ScopeHead head)
    {
        if (Epoch == head.Epoch)
        {
            return;
        }

        Epoch = head.Epoch;
        if (State == WalkState.Snapshot && AsOf is null)
        {
            return;
        }

        if (State == WalkState.Now)
        {
            // Only the date can tell what is new.
            AsOf = Stamp.EndOf(-1);
            return;
        }

        var isHere = State == WalkState.Snapshot && Floor >= Place.Instant;
        var begin = isHere ? Place.Instant : Floor - CacheOptions.Overlap - zone.RepeatedTimeAround(Floor, CacheOptions.Overlap);
        if (State == WalkState.Changes || begin < Place.Instant || Place.Rank != int.MaxValue)
        {
            // Within a second the order may be another there, so a second that a page has cut is given again.
            Place = Before(begin);
        }

        var next = isHere ? Place.Behind().Instant : begin;
        var day = zone.DayOf(Start > next ? Start.Value : next);
        Covered = day < Covered ? day : Covered;
        (State, Learned, AsOf) = (WalkState.Snapshot, default, null);
        (Moment, IsResumed) = (Seconds(begin).AddSeconds(-1), true);
    }

    /// <summary>Begins the snapshot with what the first reads brought.</summary>
    /// <param name="head">The head.</param>
    /// <param name="ahead">How far the clock of WEBSMS is ahead.</param>
    /// <param name="lastVisible">The moment of the last stamp that the caller may see. Others leave no trace in a cursor.</param>
    public void BeginSnapshot(ScopeHead head, TimeSpan ahead, long lastVisible)
    {
        AsOf = Stamp.EndOf(lastVisible);
        Moment = IsResumed ? Moment : Seconds(Stamp.InstantOf(head.LastStamp) + ahead);
    }

    /// <summary>Moves on in the snapshot.</summary>
    public void MoveTo(MessagePosition place) => Place = place > Place ? place : Place;

    /// <summary>Moves on in the snapshot to the start of a day, because all days before it were given.</summary>
    public void MoveTo(DateOnly day) => MoveTo(Before(zone.StartOf(day)));

    /// <summary>Goes on with the changes after the snapshot, whose last day has this end.</summary>
    public void EndSnapshot(DateTimeOffset end)
    {
        SeeUntil(end);
        State = WalkState.Changes;
        Learned = AsOf!.Value;
    }

    /// <summary>
    /// Records up to when a day was read, in WEBSMS's clock. What is dated later, or in the second of the question, is a change however old the
    /// walk is, unless it was known then. What was given is none.
    /// </summary>
    public void SeeUntil(DateTimeOffset readUntil)
    {
        var seen = Seconds(readUntil).AddSeconds(-1);
        seen = seen < Place.Instant ? Place.Instant : seen;
        Moment = IsResumed || seen > Moment ? Moment : seen;
    }

    /// <summary>
    /// Goes on with the changes once a question that was sent since the start is answered. What that question brought is new if it is dated
    /// from the start on. What later questions bring is new however it is dated.
    /// </summary>
    /// <param name="head">The head after the answer.</param>
    /// <param name="latest">The latest moment at which the answer to that question can have been there.</param>
    public void EndWait(ScopeHead head, DateTimeOffset latest)
    {
        State = WalkState.Changes;
        Learned = AsOf!.Value;
        AsOf = Stamp.EndOf(Math.Max(Learned.Moment, Math.Min(head.LastStamp, Stamp.MomentOf(latest))));
        Moment = Moment.AddSeconds(-1);
    }

    /// <summary>Corrects a moment that was taken before the clock of WEBSMS was known.</summary>
    /// <param name="aheadOfOwn">How far the clock of WEBSMS is ahead of that of the process.</param>
    public void CorrectMoment(TimeSpan aheadOfOwn)
    {
        BeginAt(IsMomentOurs ? Moment + aheadOfOwn : Moment);
        IsMomentOurs = false;
    }

    /// <summary>Records that the walk began no later than a question was sent, whatever was taken for the clock of WEBSMS before its answer.</summary>
    public void BeginBy(DateTimeOffset asked) => BeginAt(asked < Moment ? asked : Moment);

    /// <summary>Moves on in the order of discovery.</summary>
    public void MoveTo(Stamp learned) => Learned = learned > Learned ? learned : Learned;

    /// <summary>
    /// Records the floor. What a first read brings from before it was given or is no news, even where the read comes late because the stamps
    /// of its day were lost.
    /// </summary>
    public void SetFloor(DateTimeOffset floor)
    {
        Floor = Seconds(floor);
        Moment = MomentUnder(State, Floor, Moment);
    }

    /// <summary>A cursor of this walk with an earlier floor. That of a snapshot is not later than its place.</summary>
    public static PageCursor WithFloor(PageCursor cursor, DateTimeOffset floor)
    {
        floor = Seconds(cursor.State == WalkState.Snapshot && cursor.Place.Instant < floor ? cursor.Place.Instant : floor);
        return cursor with { Floor = floor, Moment = MomentUnder(cursor.State, floor, cursor.Moment) };
    }

    /// <summary>Whether a message belongs to the snapshot.</summary>
    public bool IsInSnapshot(Message message) =>
        message.Stamp <= AsOf
        || (message.IsFirst && message.ReceivedAt <= Moment)
        || (message is ReturnedMessage returned && returned.FirstLearned <= AsOf && AsOf.Value.Moment < returned.RemovedAt);

    /// <summary>Whether a message is a change that was not given yet.</summary>
    public bool IsChange(Message message) =>
        message.Stamp > Since
        && !(message.ReceivedAt <= Moment && (message.IsFirst || message.Stamp <= AsOf))
        && !(message.ReceivedAt < Start)
        && !(message.ReceivedAt >= query.Range.To)
        && (message is not ReturnedMessage returned
            || returned.FirstLearned > Learned
            || (returned.RemovedAt <= AsOf!.Value.Moment && AsOf.Value < returned.Stamp));

    // Nothing has been given of what is dated from the moment on, so the floor is not later.
    private void BeginAt(DateTimeOffset moment) => Moment = Floor = Seconds(moment);

    private static DateTimeOffset MomentUnder(WalkState state, DateTimeOffset floor, DateTimeOffset moment) =>
        state == WalkState.Changes && floor.AddSeconds(-1) > moment ? floor.AddSeconds(-1) : moment;

    private static MessagePosition Before(DateTimeOffset moment) => new(MessagePosition.AtOrAfter(moment).Second - 1, int.MaxValue);

    private static DateTimeOffset Seconds(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());
}
