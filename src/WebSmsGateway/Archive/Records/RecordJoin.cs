using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>Joins what a replica knows with a head that it takes over. It has no clock and does no I/O.</summary>
internal static class RecordJoin
{
    /// <summary>
    /// The days of a head of another epoch with what only this replica knows. Nothing that a page has shown disappears with an epoch, and no
    /// day gets older.
    /// </summary>
    /// <param name="head">The head that is taken over.</param>
    /// <param name="held">The records that were known here.</param>
    /// <param name="loaded">The records of the head that differ from these.</param>
    /// <param name="moment">The moment of the stamp.</param>
    /// <param name="now">The moment. A later asked-at came from a wrong clock.</param>
    public static List<DayRecord> OfEpochs(ScopeHead head, IEnumerable<DayRecord> held, List<DayRecord> loaded, long moment, DateTimeOffset now)
    {
        var ordinal = 0;
        var joined = new List<DayRecord>();
        foreach (var record in held)
        {
            // A day that the head lists and Redis has lost is known here alone. The state that was lost may have more, so the day is read whole.
            var listed = head.Days.GetValueOrDefault(record.Day);
            var theirs = listed?.IsStateOf(record) == true ? record : loaded.Find(other => other.Day == record.Day);
            var known = listed is not null && theirs is null ? record.With([], record.Metadata with { IsWhole = false }) : record;
            if (Join(theirs, known, moment, ref ordinal, now) is { } more)
            {
                joined.Add(more);
            }
        }

        return joined;
    }

    /// <summary>The days of a head of the same epoch that lost the last answers without news: they were asked for later than it says.</summary>
    public static List<DayRecord> OfTimes(IReadOnlyDictionary<DateOnly, DayRecord> held, List<DayRecord> loaded, DateTimeOffset now) =>
    [
        .. from record in loaded
           let known = held.GetValueOrDefault(record.Day)
           where known is not null && (IsLater(known, record, now) || IsSeenLonger(known, record))
           select record.With([], IsLater(known, record, now) ? Later(record, known) : record.Metadata.AfterShown(known.Metadata.SeenUntil)),
    ];

    /// <returns>The joined record; null where the other knows nothing more.</returns>
    private static DayRecord? Join(DayRecord? record, DayRecord other, long moment, ref int ordinal, DateTimeOffset now)
    {
        if (record is null)
        {
            return DayRecord.Of(other.Day, Placement.Of([.. other.Messages], null, [], moment, ref ordinal), other.Metadata);
        }

        // What was taken off after the other last looked stays off. What it may have seen later counts as returned: it is no news to those who
        // had it.
        var lookedAt = Stamp.MomentOf(other.LookedAt);
        var returned = record.Metadata.Removed.Where(gone => gone.RemovedAt < lookedAt && Has(other, gone.Message)).ToList();
        var more = other.Messages.Where(message => !Has(record, message)
            && !record.Metadata.Removed.Any(gone => gone.RemovedAt >= lookedAt && gone.Message.Id == message.Id)).ToList();
        var isLater = IsLater(other, record, now);
        if (more.Count == 0 && !isLater)
        {
            return null;
        }

        var removed = record.Metadata.Removed.Except(returned).ToList();
        var metadata = record.Metadata;
        if (isLater)
        {
            metadata = Later(record, other);
            removed.AddRange(metadata.Removed.Where(gone => removed.TrueForAll(known => known.Message.Id != gone.Message.Id)).ToList());
        }

        return record.With(Placement.Of(more, record, returned, moment, ref ordinal), metadata with { Removed = removed });
    }

    private static bool Has(DayRecord record, Message message) => record.Find(message.Position.Second, message.Id.Hash) is not null;

    private static bool IsLater(DayRecord known, DayRecord record, DateTimeOffset now) =>
        known.AskedAt > record.AskedAt && known.AskedAt <= now && !record.IsFinal;

    private static bool IsSeenLonger(DayRecord known, DayRecord record) => known.Metadata.SeenUntil > record.Metadata.SeenUntil && !record.IsFinal;

    /// <summary>The properties of the record that was asked for later. What the other still has was not taken off.</summary>
    private static RecordMetadata Later(DayRecord record, DayRecord known) => known.Metadata.AfterShown(record.Metadata.SeenUntil) with
    {
        Removed = [.. known.Metadata.Removed.Where(gone => !Has(record, gone.Message))],
    };
}
