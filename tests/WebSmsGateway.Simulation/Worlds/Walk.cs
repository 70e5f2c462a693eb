using WebSmsGateway.Model;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>A reader and what it was given.</summary>
internal sealed class Walk(int index, Ask ask)
{
    public int Index => index;

    public Ask Ask => ask;

    public string? Cursor { get; set; }

    /// <summary>Whether a request of the reader is on its way.</summary>
    public bool IsBusy { get; set; }

    /// <summary>When the first request came in, and when its answer was there.</summary>
    public TimeSpan FirstAskedAt { get; set; }

    public TimeSpan? FirstAnsweredAt { get; set; }

    /// <summary>The start that the first request asked for.</summary>
    public DateTimeOffset Start { get; set; }

    /// <summary>
    /// The clock of WEBSMS when the first request came in, or what the process may take for it before an answer shows how clocks were put on or back.
    /// </summary>
    public DateTimeOffset Moment { get; set; }

    /// <summary>The clock of the process when the first request came in.</summary>
    public DateTimeOffset OwnMoment { get; set; }

    /// <summary>The messages that were given, by their ids.</summary>
    public Dictionary<MessageId, Sms> Given { get; } = [];

    /// <summary>How many copies of each message were given.</summary>
    public Dictionary<Sms, int> CopiesGiven { get; } = [];

    /// <summary>The ids that may be given again, because an epoch may have been lost.</summary>
    public HashSet<MessageId> MayComeAgain { get; } = [];

    /// <summary>The ids that were given again since an epoch was lost, because an answer had withheld them.</summary>
    public HashSet<MessageId> GivenAgain { get; } = [];

    /// <summary>The messages that cannot be told from given ones, because an epoch may have been lost.</summary>
    public HashSet<Sms> Excused { get; } = [];

    /// <summary>The message that was given last of those that the first page's process had known before.</summary>
    public Sms? LastInSnapshot { get; set; }

    /// <summary>The message that was given last.</summary>
    public Sms? LastGiven { get; set; }

    /// <summary>The date of the last message of the last page that had any.</summary>
    public DateTimeOffset? DescendedTo { get; set; }

    /// <summary>What the last page said, and which process made it.</summary>
    public (DateTimeOffset CompleteUntil, TimeSpan AskedAt, TimeSpan AnsweredAt, ReplicaRun Run)? LastPage { get; set; }

    /// <summary>Names the epoch of the last page, as far as it can be seen from outside.</summary>
    public string? Epoch { get; set; }

    /// <summary>The epoch that the cursor of the last page names.</summary>
    public ulong? NamedEpoch { get; set; }

    /// <summary>Whether the last page had as many messages as it may have.</summary>
    public bool IsLastPageFull { get; set; }

    public bool HasLostEpoch { get; set; }

    /// <summary>When a descending walk reached its end, or null.</summary>
    public bool IsAtEnd { get; set; }

    public int LastReplica { get; set; }

    public bool Matches(Sms sms) =>
        (ask.Number < 0 || sms.Number == ask.Number)
        && (ask.Contains is null || sms.Record.Message.Contains(ask.Contains, StringComparison.Ordinal));

    public override string ToString() => $"reader #{index} ({ask})";
}
