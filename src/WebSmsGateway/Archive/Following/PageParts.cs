using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Following;

/// <summary>Collects what a page is made of while its days are read.</summary>
internal sealed class PageParts(MessageQuery query, MessageArchive archive, Schedule schedule, AccountZone zone)
{
    private readonly Scope scope = archive.ScopeOf(query.Number);
    private readonly List<RecordValidity> madeFrom = [];
    private readonly List<MessageProblem> problems = [];
    private readonly HashSet<DateOnly> days = [];
    private Freshness freshness = new(DateTimeOffset.MaxValue, null, DaySource.Memory);

    public List<Message> Items { get; } = [];

    /// <summary>Whether no message of the number, or of the caller's numbers, was met.</summary>
    public bool IsRangeEmpty { get; set; } = true;

    /// <summary>Why the page ended before its range did.</summary>
    public UpstreamFailure? Unread { get; private set; }

    /// <summary>Up to when the page holds everything that WEBSMS reported; null where no day was read.</summary>
    public DateTimeOffset? CompleteUntil { get; set; }

    /// <summary>How many messages a page has room for; null where filters leave some of them out.</summary>
    public int? RoomFor(int limit) => query is { Sender: null, Contains: null, Code: null } ? limit : null;

    /// <summary>Adds what a read says about the answer as a whole.</summary>
    public void Add(ArchiveRead read) => freshness = freshness.With(read.Freshness);

    /// <summary>Ends the page before a day that could not be read.</summary>
    public void EndBefore(UpstreamFailure? unread) => Unread ??= unread;

    /// <summary>Adds a record that the page was made from.</summary>
    public void Add(DayRecord record)
    {
        if (days.Add(record.Day))
        {
            madeFrom.Add(record.Validity);
            problems.AddRange(DayProblems.Of(record, scope, query));
        }
    }

    /// <summary>Makes the page depend on everything that becomes known in the scope.</summary>
    public void DependsOn(ScopeHead head) => madeFrom.Add(head.News);

    /// <summary>Up to when consecutive records hold everything, from the first one on.</summary>
    public void Cover(IEnumerable<DayRecord> records) => CompleteUntil = schedule.CompleteUntil(records) ?? CompleteUntil;

    /// <summary>Bounds up to when the page holds everything.</summary>
    public void Bound(DateTimeOffset until) => CompleteUntil = until < CompleteUntil ? until : CompleteUntil;

    /// <summary>The failure of a page of which nothing could be read.</summary>
    public PageReading Failed(PageCursor? next, CursorCodec cursors) =>
        new(null, freshness, Unread) { Next = next, NextText = next is null ? null : cursors.Encode(next) };

    public PageReading Make(PageCursor? next, CursorCodec cursors, DateTimeOffset earliest)
    {
        // A page that ended early is no good answer for others: the next reader may get more.
        var stale = freshness.StaleBecause ?? Unread;
        var page = new MessagePage
        {
            Items = Items,
            NextCursor = next is null ? null : cursors.Encode(next),
            CompleteUntil = Bounded(CompleteUntil ?? earliest, earliest),
            Stale = stale is not null,
            Problems = problems,
        };
        // The word "now" means another moment in the next request.
        var freshUntil = query.FromNow ? DateTimeOffset.MinValue : freshness.FreshUntil;
        return new PageReading(page, freshness with { StaleBecause = stale, FreshUntil = freshUntil }, null)
        {
            Next = next,
            NextText = page.NextCursor,
            EndedBefore = Unread,
            IsRangeEmpty = IsRangeEmpty,
            Validity = page.Stale ? PageValidity.None : new PageValidity([.. madeFrom], BeforeMidnight(freshUntil)),
        };
    }

    // The word "today" means another day after midnight, even if the records are still good.
    private DateTimeOffset BeforeMidnight(DateTimeOffset moment)
    {
        var midnight = zone.EndOf(zone.DayOf(archive.Own));
        return moment < midnight ? moment : midnight;
    }

    private DateTimeOffset Bounded(DateTimeOffset until, DateTimeOffset earliest)
    {
        until = query.Range.To < until ? query.Range.To.Value : until;
        until = until < earliest ? earliest : until;

        // Messages have whole seconds. Rounding down keeps the statement true.
        return zone.InZone(DateTimeOffset.FromUnixTimeSeconds(until.ToUnixTimeSeconds()));
    }
}

internal static class ScopeQueries
{
    /// <summary>The number whose messages have to be picked from the records of a scope; null where all of them count.</summary>
    public static RentedNumber? NumberIn(this MessageQuery query, Scope scope) => scope.Number is null ? query.Number : null;
}
