namespace WebSmsGateway.Simulation.Rules;

/// <summary>When an answer taught something, and its place among what that answer taught.</summary>
internal readonly record struct ModelStamp(long At, int Ordinal) : IComparable<ModelStamp>
{
    /// <summary>Behind everything that was learned at a moment.</summary>
    public static ModelStamp EndOf(long at) => new(at, int.MaxValue);

    public int CompareTo(ModelStamp other) => At != other.At ? At.CompareTo(other.At) : Ordinal.CompareTo(other.Ordinal);

    public static bool operator <(ModelStamp left, ModelStamp right) => left.CompareTo(right) < 0;

    public static bool operator >(ModelStamp left, ModelStamp right) => left.CompareTo(right) > 0;

    public static bool operator <=(ModelStamp left, ModelStamp right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ModelStamp left, ModelStamp right) => left.CompareTo(right) >= 0;
}

/// <summary>What is known of a message.</summary>
/// <param name="Stamp">When it was learned.</param>
/// <param name="Rank">Its place among the messages of its second.</param>
/// <param name="IsFirst">Whether the first question after its date brought it.</param>
/// <param name="Absence">Of a message that returned: when it was learned first, and when it was taken off.</param>
internal readonly record struct ModelMessage(ModelStamp Stamp, int Rank, bool IsFirst, (ModelStamp FirstLearned, long RemovedAt)? Absence = null);

/// <summary>What is known of one day.</summary>
internal class ModelRecord
{
    /// <summary>The messages, by their numbers.</summary>
    public SortedDictionary<int, ModelMessage> Known { get; } = [];

    /// <summary>When the day was last asked for, in the clock of WEBSMS; -1 for never.</summary>
    public long AskedAt { get; set; } = -1;
}

/// <summary>What a walk needs of an archive.</summary>
internal interface IModelArchive
{
    /// <summary>How many ticks a day has.</summary>
    long DayLength { get; }

    /// <summary>How far before its floor a walk goes on after a lost epoch.</summary>
    long Overlap { get; }

    /// <summary>How long after a moment the first question that is sent from then on has been answered, if somebody keeps asking.</summary>
    long AnsweredWithin { get; }

    /// <summary>The clock of WEBSMS.</summary>
    long WebsmsNow { get; }

    /// <summary>Our clock.</summary>
    long Now { get; }

    /// <summary>The last stamp.</summary>
    long Last { get; }

    /// <summary>The name of the epoch.</summary>
    long Epoch { get; }

    IReadOnlyDictionary<long, ModelRecord> Days { get; }

    /// <summary>When a stamp was given, in the clock of WEBSMS.</summary>
    long DateOfStamp(long stamp);

    /// <summary>The stamp of a moment in the clock of WEBSMS.</summary>
    long StampAt(long date);

    /// <summary>Brings a day up to date. The result is false if nothing can be said about it now.</summary>
    bool Read(long day);

    /// <summary>The date of a message.</summary>
    long DateOf(int message);
}
