using WebSmsGateway.Caching;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>Reads pages and single messages.</summary>
internal sealed class PageReader(ArchiveWalk walk, MessageArchive archive, AccountZone zone, TimeProvider clock)
{
    public async Task<PageReading> ReadAsync(PageQuery query, CancellationToken cancellationToken)
    {
        var builder = BuilderOf(query, query.Limit ?? PageQuery.DefaultLimit);
        var problems = new List<MessageProblem>();
        var reading = new PageReading();
        DateTimeOffset? completeUntil = null;
        await foreach (var read in walk.StretchesAsync(query, growing: true, cancellationToken))
        {
            if (read.Failure is { } failure)
            {
                return new PageReading { Failure = failure };
            }

            // Descending, the first stretch reaches the end of the range; ascending, the last one does.
            completeUntil = query.Ascending ? read.CompleteUntil : completeUntil ?? read.CompleteUntil;
            reading = reading with
            {
                StaleBecause = reading.StaleBecause ?? read.StaleBecause,
                FreshUntil = read.FreshUntil < reading.FreshUntil ? read.FreshUntil : reading.FreshUntil,
                Source = read.Source > reading.Source ? read.Source : reading.Source,
            };
            problems.AddRange(read.Segments.SelectMany(segment => segment.Problems));
            if (builder.IsFullAfter(read.Segments))
            {
                break;
            }
        }

        return reading with
        {
            Page = new MessagePage
            {
                Items = builder.Take(),
                NextCursor = builder.Cursor()?.Encode(),
                CompleteUntil = Bounded(completeUntil, query),
                Stale = reading.StaleBecause is not null,
                Problems = problems,
            },
        };
    }

    /// <summary>Opens a download: the stretches of the whole range, and what picks its messages from them.</summary>
    public (IAsyncEnumerable<ArchiveRead> Stretches, IPageBuilder Builder) Open(PageQuery query, CancellationToken cancellationToken) =>
        (walk.StretchesAsync(query, growing: false, cancellationToken), BuilderOf(query, query.Limit ?? int.MaxValue));

    /// <summary>Finds one message by its id.</summary>
    public async Task<(Message? Message, PageReading Reading)> FindAsync(
        PageQuery query, DateOnly day, ulong hash, CancellationToken cancellationToken)
    {
        if (day > zone.DayOf(clock.GetUtcNow()))
        {
            return (null, new PageReading());
        }

        var read = await archive.ReadAsync(archive.ScopeOf(query.Number), day, day, cancellationToken);
        var message = read.Segments.Count == 0 ? null : read.Segments[0].Find(hash);
        return (
            message is not null && query.Matches(message) ? message : null,
            new PageReading
            {
                Failure = read.Failure, StaleBecause = read.StaleBecause, FreshUntil = read.FreshUntil, Source = read.Source,
            });
    }

    private IPageBuilder BuilderOf(PageQuery query, int limit) =>
        query.Ascending ? new AscendingPage(query, limit, zone) : new DescendingPage(query, limit);

    private DateTimeOffset Bounded(DateTimeOffset? completeUntil, PageQuery query)
    {
        var until = completeUntil ?? query.To ?? query.From;
        until = query.To < until ? query.To.Value : until;
        return zone.InZone(until < query.From ? query.From : until);
    }
}
