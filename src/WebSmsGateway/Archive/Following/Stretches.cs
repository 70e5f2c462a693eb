using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Following;

/// <summary>Reads ranges of days in parts.</summary>
internal sealed class Stretches(MessageArchive archive, IOptions<UpstreamOptions> upstream)
{
    /// <summary>
    /// Reads a range in stretches, so that no more is read than a page shows. The first stretch is a month. A further
    /// one has as many months as WEBSMS may be asked at once. A day that could not be read ends them.
    /// </summary>
    public async IAsyncEnumerable<ArchiveRead> ReadAsync(
        Scope scope, DateOnly first, DateOnly last, DayReader reader, bool ascending, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var length = DayRun.MaxDays;
        while (first <= last)
        {
            var count = Math.Min(length, last.DayNumber - first.DayNumber + 1);
            var from = ascending ? first : last.AddDays(1 - count);
            var read = await archive.ReadAsync(scope, DayRange.Of(from, from.AddDays(count - 1)), reader, cancellationToken);
            yield return read;
            if (read.Unread is not null)
            {
                yield break;
            }

            (first, last) = ascending ? (from.AddDays(count), last) : (first, from.AddDays(-1));
            length = DayRun.MaxDays * upstream.Value.MaxConcurrency;
        }
    }
}
