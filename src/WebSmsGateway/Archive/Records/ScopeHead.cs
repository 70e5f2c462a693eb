using System.Collections.Immutable;
using System.Security.Cryptography;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// The one mutable value of a scope, as it stood at one moment: its epoch, its last stamp, and what replicas share about days that are not
/// final. Everything else is immutable. Whoever reads a head has a consistent picture of all days.
/// </summary>
internal sealed record ScopeHead
{
    private const int MaxAncestors = 16;

    /// <summary>A random name of a head's life, 56 bits. A head that was lost, or that lost writes, begins a new epoch.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>The epochs before this one, the latest last.</summary>
    [Bounded("16 epochs")]
    public ImmutableArray<ulong> Ancestors { get; init; } = [];

    /// <summary>The moment of the last stamp.</summary>
    public long LastStamp { get; init; }

    /// <summary>How far the clock of WEBSMS is ahead of that of the archive, by the last answer; null before the first.</summary>
    public TimeSpan? Ahead { get; init; }

    /// <summary>Whether the lists of this scope are newest first.</summary>
    public bool IsNewestFirst { get; init; }

    /// <summary>
    /// The days that replicas share: all that are not final, and those that became final in the last days. Empty without Redis, where memory
    /// holds all that is known.
    /// </summary>
    [Bounded("the days that are not final, and those that became final in the last 8 days")]
    public ImmutableSortedDictionary<DateOnly, ListedDay> Days { get; init; } = ImmutableSortedDictionary<DateOnly, ListedDay>.Empty;

    /// <summary>The moment of the stamp since which all days that became final are listed.</summary>
    public long FinalsSince { get; init; }

    /// <summary>The tag of the head in Redis; empty if it is not there.</summary>
    public string Tag { get; init; } = "";

    /// <summary>Whether this head is the one in Redis, as far as is known.</summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// Whether this head went its own way because Redis did not take it. It joins the shared head again when Redis takes what is known here.
    /// </summary>
    public bool IsApart { get; init; }

    /// <summary>Whether something became known since. Pages that show changes are out of date then.</summary>
    public RecordValidity News { get; init; } = new();

    /// <summary>
    /// Whether a record that memory has let go is older than what this head knows of its day: a later state took its place here, or the head
    /// lists something newer.
    /// </summary>
    public bool IsBeyond(DayRecord record) => record.Validity.IsOutdated
        || (!IsApart && Days.GetValueOrDefault(record.Day) is { } listed && (listed.Metadata is not null || !record.IsFinal)
            && listed.Newest > record.NewestStamp);

    public static ScopeHead New() => new() { Epoch = NewEpoch() };

    /// <summary>The next stamp: the clock's, or one more than the last.</summary>
    public long NextStamp(DateTimeOffset now) => Math.Max(Stamp.MomentOf(now), LastStamp + 1);

    /// <summary>The same head in a new epoch.</summary>
    /// <param name="other">A further head that it follows; null for none.</param>
    public ScopeHead InNewEpoch(ScopeHead? other = null) => this with
    {
        Epoch = NewEpoch(),
        Ancestors = [.. Ancestors.Append(Epoch).Append(other?.Epoch ?? Epoch).Distinct().TakeLast(MaxAncestors)],
        IsShared = false,
        News = new RecordValidity(),
    };

    private static ulong NewEpoch() => (BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 8) | 1;
}

/// <summary>A day as replicas share it: the properties of its record and the names of its blocks.</summary>
/// <param name="Day">The local day.</param>
/// <param name="Newest">The latest stamp of its messages.</param>
internal sealed record ListedDay(DateOnly Day, Stamp Newest)
{
    /// <summary>The properties; null for a day that is kept as a value of its own.</summary>
    public RecordMetadata? Metadata { get; init; }

    /// <summary>The names of its blocks, or of those behind <see cref="Names"/>.</summary>
    public IReadOnlyList<string> Blocks { get; init; } = [];

    /// <summary>The name of the value that has the names of the first blocks; null where all are listed here.</summary>
    public string? Names { get; init; }

    /// <summary>The name of the value that has the problems, doubts and removed messages; null where the properties have them.</summary>
    public string? Extras { get; init; }

    /// <summary>Whether a record in memory is this state of the day.</summary>
    public bool IsStateOf(DayRecord record) => Newest == record.NewestStamp && Metadata?.HasTimesOf(record.Metadata) == true;
}
