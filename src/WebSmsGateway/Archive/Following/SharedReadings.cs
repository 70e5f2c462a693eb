using System.Collections.Concurrent;
using WebSmsGateway.Budgets;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// Keeps the readings of waits and streams as long as a new reading would be the same, so that readers at the same place share one. It is bounded
/// in bytes, keys included. At the bound it drops all of them, and each costs one new reading.
/// </summary>
internal sealed class SharedReadings(Follower follower, TimeProvider clock)
{
    private const long MaxBytes = MemoryPlan.SharedReadings;
    private const int EntryBytes = 640;
    private const int CursorBytes = 448;

    [Bounded("8 MiB, keys included")]
    private readonly ConcurrentDictionary<Place, PageReading> readings = new();
    private long bytes;

    /// <summary>The reading at a place, if it is there at once.</summary>
    public PageReading? Find(MessageQuery query) =>
        readings.TryGetValue(Place.Of(query), out var reading) && reading.Validity.Holds(clock.GetUtcNow()) ? reading : null;

    /// <summary>The reading at a place, shared or new.</summary>
    public async ValueTask<PageReading> ReadAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        if (Find(query) is { } shared)
        {
            return shared;
        }

        // Two readers at the same moment both read. That costs less than making one wait for the other.
        var reading = await follower.ReadAsync(query, cancellationToken);
        var place = Place.Of(query);
        var cost = EntryBytes + place.Bytes + (CursorBytes * reading.Cursors.Count) + (reading.Page?.Items.Sum(message => message.Cost) ?? 0);
        if (cost <= MaxBytes / 16 && reading.Validity.Holds(clock.GetUtcNow()))
        {
            if (Interlocked.Add(ref bytes, cost) > MaxBytes)
            {
                readings.Clear();
                Interlocked.Exchange(ref bytes, cost);
            }

            readings[place] = reading;
        }

        return reading;
    }

    /// <summary>All that a reading depends on, besides what is known.</summary>
    private readonly record struct Place(
        ulong Fingerprint, RentedNumber? Number, DateTimeOffset From, DateTimeOffset? Start, bool FromNow, Sender? Sender, string? Contains,
        CodeFilter? Code, int? Limit, bool HasCursorEach, PageCursor? Cursor, string Numbers)
    {
        /// <summary>Bytes that the texts of the key take.</summary>
        public int Bytes => 2 * ((Contains?.Length ?? 0) + (Sender?.ToString().Length ?? 0) + (Code?.Pattern?.Text.Length ?? 0));

        public static Place Of(MessageQuery query) => new(
            query.Fingerprint, query.Number, query.Range.From, query.Start, query.FromNow, query.Sender, query.Contains, query.Code, query.Limit,
            query.HasCursorEach, query.Cursor, query.Numbers.Fingerprint);
    }
}
