using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Reading;

/// <summary>
/// Reads a range from the archive in stretches, so that no more is read than a page shows. The first stretch is a month. Where
/// stretches grow, a further one has as many months as WEBSMS may be asked at once. A download does not grow them, to save memory.
/// </summary>
internal sealed class ArchiveWalk(MessageArchive archive, AccountZone zone, IOptions<UpstreamOptions> upstream, TimeProvider clock)
{
    /// <summary>The stretches of a query in its order. A failure ends them.</summary>
    public async IAsyncEnumerable<ArchiveRead> StretchesAsync(
        MessageQuery query, bool growing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, last) = DaysOf(query);
        var scope = archive.ScopeOf(query.Number);
        var length = DayRun.MaxDays;
        while (first <= last)
        {
            var from = query.Ascending ? first : Later(first, last.AddDays(1 - length));
            var to = query.Ascending ? Earlier(last, first.AddDays(length - 1)) : last;
            var read = await archive.ReadAsync(scope, from, to, cancellationToken);
            yield return read;
            if (read.Failure is not null)
            {
                yield break;
            }

            (first, last) = query.Ascending ? (to.AddDays(1), last) : (first, from.AddDays(-1));
            length = growing ? DayRun.MaxDays * upstream.Value.MaxConcurrency : DayRun.MaxDays;
        }
    }

    private (DateOnly First, DateOnly Last) DaysOf(MessageQuery query)
    {
        var today = zone.DayOf(clock.GetUtcNow());
        var start = query.Ascending ? query.Cursor?.Start ?? query.Range.From : query.Range.From;
        var last = query.Range.To is { } to ? Earlier(today, zone.DayOf(to.AddTicks(-1))) : today;
        if (query is { Ascending: false, Cursor: { } cursor })
        {
            last = Earlier(last, zone.DayOf(cursor.Position.Instant));
        }

        return query.Range.To <= query.Range.From ? (today, today.AddDays(-1)) : (zone.DayOf(start), last);
    }

    private static DateOnly Earlier(DateOnly left, DateOnly right) => left < right ? left : right;

    private static DateOnly Later(DateOnly left, DateOnly right) => left > right ? left : right;
}
