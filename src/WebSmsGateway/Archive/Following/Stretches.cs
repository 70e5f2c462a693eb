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
    /// one has as many months as WEBSMS may be asked at once. Where memory has let messages go, a stretch ends with the day that fills the page by
    /// its counts, and before the questions are more than WEBSMS may be asked at once. A day that could not be read ends the stretches.
    /// </summary>
    /// <param name="scope">The scope.</param>
    /// <param name="first">The first day.</param>
    /// <param name="last">The last day.</param>
    /// <param name="reader">Who reads.</param>
    /// <param name="room">How many messages of these days a page has room for; null if what is counted is no measure of it.</param>
    /// <param name="ascending">Whether the first day is read first.</param>
    /// <param name="cancellationToken">The token of the reader.</param>
    public async IAsyncEnumerable<ArchiveRead> ReadAsync(
        Scope scope, DateOnly first, DateOnly last, DayReader reader, int? room, bool ascending,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (length, outer, found) = (DayRun.MaxDays, (first, last), 0L);
        while (first <= last)
        {
            var count = Math.Min(length, last.DayNumber - first.DayNumber + 1);
            var ahead = DayRange.Of(ascending ? first : last.AddDays(1 - count), ascending ? first.AddDays(count - 1) : last);
            if (!ascending)
            {
                ahead.Reverse();
            }

            if (archive.LookAhead(scope, ahead) is { } known)
            {
                count = LengthOf(ahead, known, reader, outer, room, ref found);
            }

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

    private int LengthOf(
        List<DateOnly> days, DayRecord?[] known, DayReader reader, (DateOnly First, DateOnly Last) outer, int? room, ref long found)
    {
        var (questions, isAsked) = (0, false);
        for (var i = 0; i < days.Count; i++)
        {
            // An outer day may lie in the range with a part of its messages.
            var count = known[i]?.Counts is not null ? reader.CountOf(known[i]!) : 0;
            found += days[i] == outer.First || days[i] == outer.Last ? 0 : count;
            if (found > room)
            {
                return i + 1;
            }

            var wasAsked = isAsked;
            isAsked = known[i] is not { } record || (record.IsCountsOnly && count > 0) || archive.IsDue(record);
            questions += isAsked && !wasAsked ? 1 : 0;
            if (questions > upstream.Value.MaxConcurrency)
            {
                return i;
            }
        }

        return days.Count;
    }
}
