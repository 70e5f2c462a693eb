namespace WebSmsGateway.Simulation.Rules;

/// <summary>When an answer taught something, and its place among what that answer taught.</summary>
internal readonly record struct ModelStamp(long At, int Ordinal) : IComparable<ModelStamp>
{
    /// <summary>Behind every ordinal of a stamp.</summary>
    public const int End = 1 << 30;

    public int CompareTo(ModelStamp other) => At != other.At ? At.CompareTo(other.At) : Ordinal.CompareTo(other.Ordinal);

    public static bool operator <(ModelStamp left, ModelStamp right) => left.CompareTo(right) < 0;

    public static bool operator >(ModelStamp left, ModelStamp right) => left.CompareTo(right) > 0;

    public static bool operator <=(ModelStamp left, ModelStamp right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ModelStamp left, ModelStamp right) => left.CompareTo(right) >= 0;
}

/// <summary>What is known of one day.</summary>
internal sealed class ModelRecord
{
    /// <summary>The messages, by their numbers: when each was learned, and whether with the first reading of its day.</summary>
    public SortedDictionary<int, (ModelStamp Stamp, bool IsFirst)> Known { get; } = [];

    /// <summary>When the day was last asked for, in the clock of WEBSMS; -1 for never.</summary>
    public long AskedAt { get; set; } = -1;

    /// <summary>The newest stamp of the day.</summary>
    public ModelStamp Newest { get; set; }
}

/// <summary>
/// What a walk needs of an archive. The model has an archive of its own; the heads and records of the real archive can be given to the
/// same walk.
/// </summary>
internal interface IModelArchive
{
    /// <summary>How many ticks a day has.</summary>
    long DayLength { get; }

    /// <summary>The clock of WEBSMS.</summary>
    long WebsmsNow { get; }

    /// <summary>Our clock.</summary>
    long Now { get; }

    /// <summary>The last stamp.</summary>
    long Last { get; }

    /// <summary>The name of the epoch.</summary>
    long Epoch { get; }

    IReadOnlyDictionary<long, ModelRecord> Days { get; }

    /// <summary>Brings a day up to date. The result is false where nothing is known of it and it cannot be asked for.</summary>
    bool Read(long day);

    /// <summary>The date of a message.</summary>
    long DateOf(int message);
}
