using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Reading;

/// <summary>Reads pages and single messages.</summary>
internal sealed class PageReader(ArchiveWalk walk, MessageArchive archive, AccountZone zone, TimeProvider clock)
{
    public async Task<PageReading> ReadAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        var builder = BuilderOf(query, query.Limit ?? MessageQuery.DefaultLimit);
        var problems = new List<MessageProblem>();
        var freshness = new Freshness(DateTimeOffset.MaxValue, null, DaySource.Memory);
        DateTimeOffset? completeUntil = null;
        var madeFrom = new List<RecordValidity>();
        var renewsAt = DateTimeOffset.MaxValue;
        await foreach (var read in walk.StretchesAsync(query, growing: true, cancellationToken))
        {
            freshness = freshness.With(read.Freshness);
            if (read.Failure is { } failure)
            {
                return new PageReading(null, freshness, failure);
            }

            // In descending order the first stretch has the end of the range, in ascending order the last one.
            completeUntil = query.Ascending ? read.CompleteUntil : completeUntil ?? read.CompleteUntil;
            madeFrom.AddRange(read.Records.Select(record => record.Validity));
            renewsAt = read.RenewsAt < renewsAt ? read.RenewsAt : renewsAt;
            problems.AddRange(read.Records.SelectMany(record => record.Problems));
            if (builder.IsFullAfter(read.Records))
            {
                break;
            }
        }

        // The word "now" means another moment in the next request.
        freshness = query.FromNow ? freshness with { FreshUntil = clock.GetUtcNow() } : freshness;
        var next = builder.Cursor();
        var page = new MessagePage
        {
            Items = builder.Take(),
            NextCursor = next?.Text,
            CompleteUntil = Bounded(completeUntil, query),
            Stale = freshness.StaleBecause is not null,
            Problems = problems,
        };
        return new PageReading(page, freshness, null)
        {
            Next = next,
            IsRangeEmpty = builder.IsRangeEmpty,
            Validity = page.Stale ? PageValidity.None : new PageValidity([.. madeFrom], BeforeMidnight(renewsAt)),
        };
    }

    /// <summary>Opens a download: the stretches of the whole range, and the builder that picks its messages.</summary>
    public (IAsyncEnumerable<ArchiveRead> Stretches, IPageBuilder Builder) Open(MessageQuery query, CancellationToken cancellationToken) =>
        (walk.StretchesAsync(query, growing: false, cancellationToken), BuilderOf(query, query.Limit ?? int.MaxValue));

    public async Task<(Message? Message, ArchiveRead Read)> FindAsync(
        RentedNumber? number, NumberSet numbers, MessageId id, CancellationToken cancellationToken)
    {
        var read = await archive.ReadAsync(archive.ScopeOf(number), id.Day, id.Day, cancellationToken);
        var message = read.Records.Count == 0 ? null : read.Records[0].Find(id.Hash);
        return (message is not null && message.IsOf(number, numbers) ? message : null, read);
    }

    private IPageBuilder BuilderOf(MessageQuery query, int limit) =>
        query.Ascending ? new AscendingPage(query, limit, zone) : new DescendingPage(query, limit);

    // The word "today" means another day after midnight, even if the records are still good.
    private DateTimeOffset BeforeMidnight(DateTimeOffset moment)
    {
        var midnight = zone.EndOf(zone.DayOf(clock.GetUtcNow()));
        return moment < midnight ? moment : midnight;
    }

    private DateTimeOffset Bounded(DateTimeOffset? completeUntil, MessageQuery query)
    {
        var until = completeUntil ?? query.Range.To ?? clock.GetUtcNow();
        until = query.Range.To < until ? query.Range.To.Value : until;
        until = until < query.Range.From ? query.Range.From : until;

        // Messages have whole seconds. Rounding down keeps the statement true.
        return zone.InZone(DateTimeOffset.FromUnixTimeSeconds(until.ToUnixTimeSeconds()));
    }
}
