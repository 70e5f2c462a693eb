using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>A day into which answers are merged one after the other.</summary>
internal sealed class MergedDay
{
    private readonly RecordMerge merge = new(ScheduleOf(), Zone);

    public DayRecord? Known { get; private set; }

    /// <summary>The moment of the last stamp.</summary>
    public long LastStamp { get; private set; }

    /// <summary>Merges an answer, and gives the record after it.</summary>
    /// <param name="askedAt">When the question was sent.</param>
    /// <param name="messages">The messages of the answer.</param>
    /// <param name="tail">Where the question begins, if only the tail is asked for.</param>
    /// <param name="receivedAt">When the answer was there; at once by default.</param>
    /// <param name="knownBefore">The last stamp when the question was sent; the last one by default.</param>
    /// <param name="change">Changes the answer.</param>
    public DayRecord Merge(
        DateTimeOffset askedAt, IEnumerable<Message> messages, TimeSpan? tail = null, DateTimeOffset? receivedAt = null,
        long? knownBefore = null,
        Func<UpstreamAnswer, UpstreamAnswer>? change = null)
    {
        var answer = change?.Invoke(Answer(askedAt)) ?? Answer(askedAt);
        var start = Day.ToDateTime(TimeOnly.MinValue);
        var part = new DayAnswer(
            answer, [.. messages],
            new UpstreamQuestion(null, start + (tail ?? TimeSpan.Zero), start.AddDays(1).AddSeconds(-1)),
            IsTail: tail is not null, IsFirstDay: true, askedAt, receivedAt ?? askedAt, answer.Ahead, knownBefore ?? LastStamp);
        var (ordinal, moment) = (0, Math.Max(LastStamp + 1, Stamp.MomentOf(receivedAt ?? askedAt)));
        Known = merge.Merge(Day, Known, part, moment, ref ordinal);
        LastStamp = ordinal > 0 ? moment : LastStamp;
        return Known;
    }

    /// <summary>An answer about the day.</summary>
    public static UpstreamAnswer Answer(
        DateTimeOffset askedAt, bool isWhole = true, List<WireProblem>? problems = null, int strays = 0, TimeSpan ahead = default, bool isCut = false) =>
        UpstreamAnswer.Verified(askedAt, [], problems ?? [], isWhole && !isCut, 0, strays, ahead, isCut);
}
