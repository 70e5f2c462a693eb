using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// Whether a head of the same epoch follows from what is known here. After lost writes another replica may go on from an earlier state, and soon
/// have later stamps than what was lost.
/// </summary>
internal static class Descent
{
    /// <summary>
    /// Whether a head lacks what was shared before under its epoch: it went on without it, or names another state of a day that Redis has lost.
    /// </summary>
    /// <param name="head">The head.</param>
    /// <param name="held">The records that were shared before.</param>
    /// <param name="loaded">The records of the head that differ from these.</param>
    public static bool HasLost(ScopeHead head, IEnumerable<DayRecord> held, List<DayRecord> loaded) => held.Any(record =>
        head.Days.TryGetValue(record.Day, out var listed)
            ? !listed.IsStateOf(record) && !loaded.Exists(next => next.Day == record.Day && Follows(next, record))
            : record.NewestStamp.Moment > 0 && record.NewestStamp.Moment >= head.FinalsSince);

    /// <summary>Whether a record has all messages of an earlier one under their stamps, but for those that were taken off since.</summary>
    private static bool Follows(DayRecord next, DayRecord earlier)
    {
        var shared = next.Blocks.ToArray().ToHashSet();
        foreach (var block in earlier.Blocks)
        {
            if (shared.Contains(block))
            {
                continue;
            }

            foreach (var message in block.Messages)
            {
                var found = next.Find(message.Position.Second, message.Id.Hash);
                var hasIt = found is null
                    ? next.Metadata.Removed.Any(gone => gone.Message.Id == message.Id)
                    : found.Stamp == message.Stamp || found is ReturnedMessage;
                if (!hasIt)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
