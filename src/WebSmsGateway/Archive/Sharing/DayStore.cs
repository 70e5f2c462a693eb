using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Sharing;

/// <summary>
/// Days in the shared store. A listed day has its properties in the head and its blocks under the names of their content. A day that has
/// left the head is a value of its own.
/// </summary>
internal sealed class DayStore(ISharedStore store, Schedule schedule, AccountZone zone, TimeProvider clock)
{
    // A head lists this many names of a day at most. The names of further blocks are a value that changes with every so many blocks.
    private const int MaxListedNames = 16;

    // More problems, doubts and removed messages than this are a value of their own.
    private const int MaxListedExtras = 4;

    // A day with few messages is one value, so that a month is read in one round.
    private const int MaxInlineBlocks = 4;

    /// <summary>Lists a record, and adds the values that the store may lack.</summary>
    public ListedDay List(Scope scope, DayRecord record, List<StoredValue> values)
    {
        var lifetime = LifetimeOf(record.Day);
        var names = new string[record.Blocks.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var block = record.Blocks[i];
            if (block.Name is null)
            {
                var payload = MessageCodec.WriteBlock(block);
                block.Name = store.NameOf(scope, payload);
                values.Add(new StoredValue(block.Name, payload, lifetime));
            }

            names[i] = block.Name;
        }

        var apart = names.Length > MaxListedNames ? (names.Length - 1) / MaxListedNames * MaxListedNames : 0;
        var metadata = record.Metadata;
        var hasExtras = metadata.Problems.Count + metadata.Doubts.Count + (2 * metadata.Removed.Count) > MaxListedExtras;
        return new ListedDay(record.Day, record.NewestStamp)
        {
            Metadata = hasExtras ? metadata with { Problems = [], Doubts = [], Removed = [] } : metadata,
            Blocks = names[apart..],
            Names = apart > 0 ? Add(HeadCodec.WriteNames(names[..apart])) : null,
            Extras = hasExtras ? Add(HeadCodec.WriteExtras(metadata)) : null,
        };

        string Add(byte[] payload)
        {
            var name = store.NameOf(scope, payload);
            values.Add(new StoredValue(name, payload, lifetime));
            return name;
        }
    }

    /// <summary>A record as a value of its own, and the blocks that it names.</summary>
    public void AddOwn(Scope scope, DayRecord record, List<StoredValue> values)
    {
        var isInline = record.Blocks.Length <= MaxInlineBlocks;
        var day = isInline
            ? new ListedDay(record.Day, record.NewestStamp) { Metadata = record.Metadata }
            : List(scope, record, values);
        values.Add(new StoredValue(
            NameOf(record.Day), HeadCodec.WriteDay(day, isInline ? record.Blocks.ToArray() : []), LifetimeOf(record.Day)));
    }

    /// <summary>A listed day as a value of its own. Its blocks stay where they are.</summary>
    public StoredValue Own(ListedDay day) => new(NameOf(day.Day), HeadCodec.WriteDay(day, []), LifetimeOf(day.Day));

    /// <summary>Loads days, listed ones by their names and others from values of their own, all in at most three rounds.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="wanted">The days, and how the head lists them.</param>
    /// <param name="previous">Records in memory. Their blocks are not read again.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The days that the store has whole; null if it did not answer.</returns>
    public async Task<List<DayRecord>?> LoadAsync(
        Scope scope, IReadOnlyList<(DateOnly Day, ListedDay? Listed)> wanted, Func<DateOnly, DayRecord?> previous,
        CancellationToken cancellationToken)
    {
        var records = new List<DayRecord>();
        var listed = wanted.Where(item => item.Listed?.Metadata is not null).Select(item => item.Listed!).ToList();
        var own = wanted.Where(item => item.Listed?.Metadata is null).Select(item => item.Day).ToList();
        if (await ReadAsync(scope, own.ConvertAll(NameOf), cancellationToken) is not { } values)
        {
            return null;
        }

        foreach (var (day, value) in own.Zip(values))
        {
            if (value is null || HeadCodec.ReadDay(value) is not { } stored || stored.Day.Day != day)
            {
                continue;
            }

            if (stored.Day.Blocks.Count == 0)
            {
                records.Add(DayRecord.Of(day, stored.Messages, stored.Day.Metadata!));
            }
            else
            {
                listed.Add(stored.Day);
            }
        }

        if (listed.Count > 0 && !await LoadListedAsync(scope, listed, previous, records, cancellationToken))
        {
            return null;
        }

        records.FindAll(schedule.IsClosed).ForEach(record => record.CountNumbers());
        return records;
    }

    /// <summary>The names that a listed day needs in the store, besides those that its own value of names has.</summary>
    public static IEnumerable<string> NamesOf(ListedDay day) =>
        day.Blocks.Concat(day.Names is { } names ? [names] : []).Concat(day.Extras is { } extras ? [extras] : []);

    private async Task<bool> LoadListedAsync(
        Scope scope, List<ListedDay> listed, Func<DateOnly, DayRecord?> previous, List<DayRecord> records, CancellationToken cancellationToken)
    {
        var apart = listed.SelectMany(day => new[] { day.Names, day.Extras }).OfType<string>().Distinct().ToList();
        if (await ReadAsync(scope, apart, cancellationToken) is not { } values)
        {
            return false;
        }

        var parts = apart.Zip(values).Where(part => part.Second is not null).ToDictionary(part => part.First, part => part.Second!);
        var days = new List<(ListedDay Day, RecordMetadata Metadata, string[] Names)>();
        foreach (var day in listed)
        {
            var first = day.Names is null ? [] : parts.TryGetValue(day.Names, out var names) ? HeadCodec.ReadNames(names) : null;
            var metadata = day.Extras is null ? day.Metadata
                : parts.TryGetValue(day.Extras, out var extras) ? HeadCodec.ReadExtras(day, extras) : null;
            if (first is not null && metadata is not null)
            {
                days.Add((day, metadata, [.. first, .. day.Blocks]));
            }
        }

        var known = days.SelectMany(item => BlocksOf(previous(item.Day.Day))).Where(block => block.Name is not null)
            .DistinctBy(block => block.Name).ToDictionary(block => block.Name!);
        var missing = days.SelectMany(item => item.Names).Distinct().Where(name => !known.ContainsKey(name)).ToList();
        if (await ReadAsync(scope, missing, cancellationToken) is not { } blocks)
        {
            return false;
        }

        var payloads = missing.Zip(blocks).Where(block => block.Second is not null).ToDictionary(block => block.First, block => block.Second!);
        foreach (var (day, metadata, names) in days)
        {
            var parsed = names.Select(name => known.GetValueOrDefault(name)
                ?? (payloads.TryGetValue(name, out var payload) ? Parse(day.Day, name, payload) : null)).ToArray();
            if (Array.TrueForAll(parsed, block => block is not null))
            {
                records.Add(DayRecord.OfBlocks(day.Day, parsed!, metadata));
            }
        }

        return true;
    }

    private async Task<byte[]?[]?> ReadAsync(Scope scope, List<string> names, CancellationToken cancellationToken) =>
        names.Count == 0 ? [] : await store.ReadValuesAsync(scope, names, cancellationToken);

    private TimeSpan LifetimeOf(DateOnly day)
    {
        var left = zone.EndOf(day) + schedule.Lifetime - clock.GetUtcNow();
        return left > schedule.ClosedLifetime ? left : schedule.ClosedLifetime;
    }

    private static MessageBlock? Parse(DateOnly day, string name, byte[] payload)
    {
        var block = MessageCodec.ReadBlock(day, payload);
        if (block is not null)
        {
            block.Name = name;
        }

        return block;
    }

    private static MessageBlock[] BlocksOf(DayRecord? record) => record is null ? [] : record.Blocks.ToArray();

    private static string NameOf(DateOnly day) => $"day:{day:yyyyMMdd}";
}
