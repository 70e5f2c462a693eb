using WebSmsGateway.Configuration;
using WebSmsGateway.Turns;

namespace WebSmsGateway.Upstream;

/// <summary>
/// Decides which question goes to WEBSMS next. Tails go first, then days and ranges, each in fair turns of those who wait for them. Questions
/// for which nobody waits go when nothing else does. It knows neither a thread nor a clock.
/// </summary>
/// <remarks>
/// One turn is kept for tails, and one more for days that ranges may not take. So neither a slow range nor a slow day holds up what is quicker.
/// A stream of tails lets another question go after each few of them. A question for which nobody waits counts as the gateway's own after a
/// while, because readers who follow rely on rechecks.
/// </remarks>
/// <param name="turns">How many questions may be asked at the same time.</param>
internal sealed class QuestionQueue(int turns)
{
    /// <summary>How many tails may wait, how many others, and how many for which nobody waits. One more is refused.</summary>
    public const int MostWaiting = 1024;

    /// <summary>How many days and ranges of one caller may wait.</summary>
    public const int MostWaitingOfCaller = 128;

    /// <summary>How many tails of one caller may wait. Who watches many numbers has many.</summary>
    public const int MostTailsOfCaller = 512;

    /// <summary>How long a question for which nobody waits has the lowest priority.</summary>
    public static readonly TimeSpan LongestRecheckWait = TimeSpan.FromSeconds(30);

    private const int TailsInARow = 4;

    private readonly FairFlows<QueuedQuestion> tails = new();
    private readonly FairFlows<QueuedQuestion> others = new();

    [Bounded("1,024 questions")]
    private readonly LinkedList<QueuedQuestion> rechecks = new();
    private readonly int mostOthers = Math.Max(1, turns - 1);
    private readonly int mostRanges = Math.Max(1, turns - 2);
    private int tailsInARow;
    private int going;
    private int othersGoing;
    private int rangesGoing;
    private int rechecksGoing;

    /// <summary>How many questions wait.</summary>
    public int Waiting => tails.Count + others.Count + rechecks.Count;

    /// <summary>How many questions have their turn.</summary>
    public int Going => going;

    /// <summary>Adds a question, unless too many wait.</summary>
    /// <param name="question">The question.</param>
    /// <param name="now">The moment, from any origin.</param>
    public QueueOutcome Add(QueuedQuestion question, TimeSpan now)
    {
        if (question.Askers.Count == 0)
        {
            if (rechecks.Count >= MostWaiting)
            {
                return QueueOutcome.Full;
            }

            question.Since = now;
            question.Recheck = rechecks.AddLast(question);
        }
        else
        {
            var flows = FlowsOf(question);
            var admitted = question.Askers.Where(asker => asker == Askers.Gateway || flows.CountOf(asker) < ShareOf(question.Kind)).ToList();
            if (admitted.Count == 0)
            {
                return QueueOutcome.ShareUsedUp;
            }

            if (flows.Count >= MostWaiting)
            {
                return QueueOutcome.Full;
            }

            admitted.ForEach(asker => flows.Add(question, asker));
        }

        question.State = QuestionState.Waiting;
        return QueueOutcome.Admitted;
    }

    /// <summary>Lets another caller wait for a question too.</summary>
    public void Join(QueuedQuestion question, string asker)
    {
        if (question.Askers.Contains(asker))
        {
            return;
        }

        question.Askers.Add(asker);
        if (question.State == QuestionState.Waiting)
        {
            LeaveRechecks(question);
            FlowsOf(question).Add(question, asker);
        }
    }

    /// <summary>Takes the next question, if one may go. <see cref="End"/> has to follow.</summary>
    public QueuedQuestion? Take(TimeSpan now)
    {
        if (going >= turns)
        {
            return null;
        }

        Promote(now);
        var next = tailsInARow < TailsInARow ? TakeTail() ?? TakeOther() : TakeOther() ?? TakeTail();
        if (next is not null)
        {
            next.State = QuestionState.Going;
            Count(next, 1);
        }

        return next;
    }

    /// <summary>Ends a question: it was answered, or those who waited for it left.</summary>
    public void End(QueuedQuestion question)
    {
        if (question.State == QuestionState.Going)
        {
            Count(question, -1);
        }
        else if (question.State == QuestionState.Waiting)
        {
            LeaveRechecks(question);
            FlowsOf(question).Remove(question);
        }

        question.State = QuestionState.Ended;
    }

    private QueuedQuestion? TakeTail()
    {
        var next = tails.Take(static _ => true);
        tailsInARow = next is null || others.Count == 0 ? 0 : tailsInARow + 1;
        return next;
    }

    private QueuedQuestion? TakeOther()
    {
        if (othersGoing >= mostOthers)
        {
            return null;
        }

        var next = others.Take(MayGo) ?? (tails.Count == 0 && rechecksGoing == 0 ? rechecks.FirstOrDefault(MayGo) : null);
        if (next is not null)
        {
            LeaveRechecks(next);
            tailsInARow = 0;
        }

        return next;
    }

    private bool MayGo(QueuedQuestion question) => question.Kind != QuestionKind.Range || rangesGoing < mostRanges;

    private void Promote(TimeSpan now)
    {
        while (rechecks.First is { Value: var oldest } && now - oldest.Since >= LongestRecheckWait)
        {
            LeaveRechecks(oldest);
            FlowsOf(oldest).Add(oldest, Askers.Gateway);
        }
    }

    private void LeaveRechecks(QueuedQuestion question)
    {
        if (question.Recheck is { List: not null } place)
        {
            rechecks.Remove(place);
        }
    }

    private void Count(QueuedQuestion question, int by)
    {
        going += by;
        othersGoing += question.Kind == QuestionKind.Tail ? 0 : by;
        rangesGoing += question.Kind == QuestionKind.Range ? by : 0;
        rechecksGoing += question.Recheck is not null ? by : 0;
    }

    private FairFlows<QueuedQuestion> FlowsOf(QueuedQuestion question) => question.Kind == QuestionKind.Tail ? tails : others;

    private static int ShareOf(QuestionKind kind) => kind == QuestionKind.Tail ? MostTailsOfCaller : MostWaitingOfCaller;
}

/// <summary>A question in the queue.</summary>
/// <param name="kind">What it is about.</param>
/// <param name="days">How many days it covers.</param>
/// <param name="askers">The callers who wait for it; empty if nobody does.</param>
internal class QueuedQuestion(QuestionKind kind, int days, IEnumerable<string> askers) : FlowWork(CostOf(days))
{
    public QuestionKind Kind => kind;

    [Bounded("8 callers")]
    public List<string> Askers { get; } = [.. askers];

    public QuestionState State { get; set; }

    /// <summary>Since when it waits, if nobody waits for it.</summary>
    public TimeSpan Since { get; set; }

    /// <summary>Its place among those for which nobody waits; null if somebody did from the start.</summary>
    public LinkedListNode<QueuedQuestion>? Recheck { get; set; }

    // A month is one answer, and costs WEBSMS more than a day does, but not as much as all its days.
    private static int CostOf(int days) => 1 + ((days - 1) / 8);
}

/// <summary>Where a question stands.</summary>
internal enum QuestionState
{
    New,
    Waiting,
    Going,
    Ended,
}

/// <summary>Whether a question may wait.</summary>
internal enum QueueOutcome
{
    Admitted,

    /// <summary>Those who wait for it have as many questions waiting as they may.</summary>
    ShareUsedUp,

    /// <summary>All together have.</summary>
    Full,
}
