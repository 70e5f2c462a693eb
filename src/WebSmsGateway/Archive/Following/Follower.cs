using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Turns;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// Reads pages, downloads and single messages. Given a query and a cursor it gives the next messages and the cursor behind them. Pages, waits
/// and streams all read here.
/// </summary>
internal sealed class Follower(
    MessageArchive archive, Stretches stretches, Schedule schedule, CursorCodec cursors, AccountZone zone, SearchTurns searches)
{
    // A head that begins one epoch after the other would keep a reader for ever.
    private const int MaxEpochs = 5;

    /// <summary>Reads the next page.</summary>
    public async Task<PageReading> ReadAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        using var search = searches.Begin(query.Owner);
        var start = query.Cursor;
        for (var epochs = 0; ;)
        {
            (var reading, start) = query.Ascending
                ? await ReadAscendingAsync(query, start, epochs, search, cancellationToken)
                : (await ReadDescendingAsync(query, search, cancellationToken), start);
            if (reading is not null)
            {
                return reading;
            }

            if (search.HasToLetGo)
            {
                // Nothing of what was read is kept here.
                await search.HoldAsync(cancellationToken);
            }
            else
            {
                epochs++;
            }
        }
    }

    /// <summary>
    /// The query with its place, if it begins now. What becomes known after this call is new, however late the first page is read.
    /// </summary>
    public MessageQuery Begin(MessageQuery query)
    {
        var head = archive.HeadOf(archive.ScopeOf(query.Number));
        return query.FromNow ? query.After(new WalkPlace(query, head, archive.There(head), zone).Cursor) : query;
    }

    /// <summary>An empty page with the cursor of the place where a query begins, for a reader whose time ran out before the first answer.</summary>
    public PageReading Unanswered(MessageQuery query)
    {
        var head = archive.HeadOf(archive.ScopeOf(query.Number));
        var place = new WalkPlace(query, head, archive.There(head), zone);
        var parts = Parts(query);
        parts.EndBefore(MessageArchive.LateAnswer);
        return parts.Make(query.Cursor ?? place.Cursor, cursors, EarliestOf(place, query));
    }

    /// <summary>Finds a message by its id.</summary>
    public async Task<(Message? Message, ArchiveRead Read)> FindAsync(
        RentedNumber? number, NumberSet numbers, MessageId id, string caller, CancellationToken cancellationToken)
    {
        var read = await archive.ReadAsync(archive.ScopeOf(number), id.Day, id.Day, DayReader.Of(caller, number, numbers), cancellationToken);
        var message = read.Records.FirstOrDefault()?.Find(id.Hash);
        return (message is not null && message.IsOf(number, numbers) ? message : null, read);
    }

    private Task<PageReading?> ReadDescendingAsync(MessageQuery query, Search search, CancellationToken cancellationToken) =>
        new DescendingWalk(
            query, query.Limit ?? MessageQuery.DefaultLimit, archive.ScopeOf(query.Number), archive, stretches, zone, Parts(query), search)
        .ReadAsync(cursors, cancellationToken);

    /// <summary>Reads the next page in ascending order.</summary>
    /// <param name="query">The query.</param>
    /// <param name="start">The place where the page begins; null for a walk that begins with it.</param>
    /// <param name="epochs">How many epochs began meanwhile.</param>
    /// <param name="search">The search.</param>
    /// <param name="cancellationToken">The token of the reader.</param>
    /// <returns>The page, or null if it has to be read again; and the place where it begins.</returns>
    private async Task<(PageReading? Reading, PageCursor Start)> ReadAscendingAsync(
        MessageQuery query, PageCursor? start, int epochs, Search search, CancellationToken cancellationToken)
    {
        // A scope of which nothing was held may have lost its head with a failed question.
        var scope = archive.ScopeOf(query.Number);
        var head = start is not null ? await archive.ReachAsync(scope, start, cancellationToken) : archive.HeadOf(scope);
        var place = new WalkPlace(query with { Cursor = start }, head, archive.There(head), zone);
        place.EnterEpoch(archive.HeadOf(scope));
        start = place.Cursor;
        var parts = Parts(query);
        var days = new WalkDays(query, scope, place, archive, schedule, zone);
        var floor = new WalkFloor(query, scope, place, days, archive, schedule, zone);
        var places = new PlacesBehind(query, place, parts);
        var walk = new AscendingWalk(
            query, query.Limit ?? MessageQuery.DefaultLimit, scope, place, days, floor, archive, stretches, schedule, zone, parts, places, search);
        if (!await walk.ReadAsync(cancellationToken))
        {
            if (epochs < MaxEpochs || search.HasToLetGo)
            {
                return (null, start);
            }

            parts.EndBefore(MessageArchive.LateAnswer);
            return (parts.Failed(query.Cursor ?? start, cursors), start);
        }

        var reading = parts is { Unread: not null, CompleteUntil: null, Items.Count: 0 }
            ? parts.Failed(query.Cursor ?? start, cursors)
            : parts.Make(place.Cursor, cursors, EarliestOf(place, query)) with { Cursors = places.Encoded(cursors), Places = places.Given };
        return (reading, start);
    }

    // A walk from now on begins in the clock of WEBSMS, which may be behind ours.
    private static DateTimeOffset EarliestOf(WalkPlace place, MessageQuery query) =>
        place.Start is null && place.Floor < query.Range.From ? place.Floor : query.Range.From;

    private PageParts Parts(MessageQuery query) => new(query, archive, schedule, zone);
}
