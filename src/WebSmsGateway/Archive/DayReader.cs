using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>For whom days are read, and which of their messages are wanted. A reader of several parts of a range is one.</summary>
internal sealed class DayReader
{
    private readonly Func<DayRecord, int> wanted;
    private volatile bool hasWaitedInVain;

    /// <param name="callers">The callers who wait for the days. Their turns decide when WEBSMS is asked.</param>
    public DayReader(IReadOnlyList<string> callers)
        : this(callers, static _ => int.MaxValue)
    {
    }

    private DayReader(IReadOnlyList<string> callers, Func<DayRecord, int> wanted) => (Callers, this.wanted) = (callers, wanted);

    public IReadOnlyList<string> Callers { get; }

    /// <summary>
    /// Whether an answer did not come within <c>Upstream:AnswerWithin</c>. The reader does not wait for the next ones where last good answers are
    /// held, so that it waits once.
    /// </summary>
    public bool HasWaitedInVain => hasWaitedInVain;

    /// <summary>Reads for a query. What its filters leave out is wanted.</summary>
    public static DayReader Of(MessageQuery query) => Of(query.Owner, query.Number, query.Numbers);

    /// <summary>Reads the messages of a number, or without one those of a set.</summary>
    public static DayReader Of(string caller, RentedNumber? number, NumberSet numbers) =>
        new([caller], record => record.Counts!.CountOf(number, numbers));

    /// <summary>The gateway itself.</summary>
    public static DayReader Gateway => new([Askers.Gateway]);

    /// <summary>The gateway itself reads the messages of a number.</summary>
    public static DayReader GatewayOf(RentedNumber number) => Of(Askers.Gateway, number, NumberSet.All);

    /// <summary>Reads counts, and the messages of some days only.</summary>
    public static DayReader OfCounts(string caller, Func<DateOnly, bool> isWanted) => new([caller], record => isWanted(record.Day) ? int.MaxValue : 0);

    /// <summary>The same reader, to whom counts are not enough.</summary>
    public DayReader OfMessages() => new(Callers) { hasWaitedInVain = hasWaitedInVain };

    /// <summary>How many messages of a counted day the reader gets at most.</summary>
    public int CountOf(DayRecord record) => wanted(record);

    /// <summary>Records that the reader has waited for as long as it may.</summary>
    public void WaitedInVain() => hasWaitedInVain = true;
}
