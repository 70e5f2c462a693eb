using WebSmsGateway.Upstream;

namespace WebSmsGateway.Tests.Upstream;

/// <summary>Which question goes to WEBSMS next.</summary>
public sealed class QuestionQueueTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    /// <summary>
    /// Questions that wait as "kind of callers", such as <c>day:ab</c>, and the places of those in the order in which they go, one after the
    /// other. A question without a caller is a recheck.
    /// </summary>
    [Theory]
    [InlineData("day:a day:a tail:a", "3 1 2")]
    [InlineData("range:a tail:b day:c", "2 3 1")]
    [InlineData("day:a day:a day:a day:b", "1 4 2 3")]
    [InlineData("tail:a tail:a tail:a tail:b", "1 4 2 3")]
    [InlineData("range:a day:b day:b day:b", "2 3 4 1")]
    [InlineData("day: tail:a day:a range:a", "2 3 4 1")]
    [InlineData("day: day: day:a", "3 1 2")]
    [InlineData("day:a day:a day:ab day:b", "1 3 2 4")]
    [InlineData("day:a tail:a tail:a tail:a tail:a tail:a tail:a", "2 3 4 5 1 6 7")]
    [InlineData("tail:a tail:a tail:a tail:a tail:a tail:a", "1 2 3 4 5 6")]
    public void Take_OneAtATime_GoesInOrder(string waiting, string expected)
    {
        var (queue, questions) = Filled(turns: 1, waiting);
        var order = new List<int>();
        while (queue.Take(Start) is { } next)
        {
            order.Add(questions.IndexOf(next) + 1);
            queue.End(next);
        }

        Assert.Equal(expected, string.Join(' ', order));
    }

    /// <summary>The places of the questions that go at once, while none is answered.</summary>
    [Theory]
    [InlineData(4, "day:a day:a day:a day:a", "1 2 3")]
    [InlineData(4, "range:a range:a range:a range:a", "1 2")]
    [InlineData(4, "range:a range:a range:a day:b", "4 1 2")]
    [InlineData(4, "range:a range:a day:b tail:c tail:c", "4 5 3 1")]
    [InlineData(4, "tail:a tail:a tail:a tail:a tail:a", "1 2 3 4")]
    [InlineData(4, "day: day: day: tail:a", "4 1")]
    [InlineData(3, "range:a range:a day:b tail:c", "4 3 1")]
    [InlineData(2, "range:a day:b tail:c", "3 2")]
    [InlineData(1, "range:a day:b tail:c", "3")]
    public void Take_NothingIsAnswered_KeepsTurnsForWhatIsQuicker(int turns, string waiting, string expected)
    {
        var (queue, questions) = Filled(turns, waiting);

        Assert.Equal(expected, string.Join(' ', TakeAll(queue).Select(question => questions.IndexOf(question) + 1)));
    }

    [Fact]
    public void Join_QuestionInACrowdOrARecheck_HasTheTurnOfItsNewCaller()
    {
        var (queue, questions) = Filled(turns: 1, "day:a day:a day:a day:a day:");
        queue.Join(questions[3], "b");
        queue.Join(questions[4], "c");

        Assert.Equal(questions[0], Answered(queue));
        Assert.Equal(questions[3], Answered(queue));
        Assert.Equal(questions[4], Answered(queue));
        Assert.Equal(questions[1], Answered(queue));
    }

    [Fact]
    public void Take_RecheckThatNobodyWaitsFor_HasATurnAfterAWhile()
    {
        var (queue, questions) = Filled(turns: 1, "day:");
        var moment = Start;
        for (; moment < Start + QuestionQueue.LongestRecheckWait; moment += TimeSpan.FromSeconds(1))
        {
            Fill(queue, "day:a day:a");
            Assert.NotEqual(questions[0], Answered(queue, moment));
        }

        Assert.Contains(questions[0], Enumerable.Range(0, 2).Select(_ => Answered(queue, moment)));
    }

    [Fact]
    public void Add_CallerWithItsShareWaiting_IsRefusedAndOthersAreNot()
    {
        var (queue, _) = Filled(turns: 1, string.Join(' ', Enumerable.Repeat("day:a", QuestionQueue.MostWaitingOfCaller)));

        Assert.Equal(QueueOutcome.ShareUsedUp, queue.Add(Question("day:a"), Start));
        Assert.Equal(QueueOutcome.ShareUsedUp, queue.Add(Question("range:a"), Start));
        Assert.Equal(QueueOutcome.Admitted, queue.Add(Question("tail:a"), Start));
        Assert.Equal(QueueOutcome.Admitted, queue.Add(Question("day:ab"), Start));
        Assert.Equal(QueueOutcome.Admitted, queue.Add(Question("day:"), Start));
        Assert.Equal(QueueOutcome.Admitted, queue.Add(new QueuedQuestion(QuestionKind.Day, 1, [Askers.Gateway]), Start));

        // A place is free again when a question has gone.
        TakeAll(queue);
        Assert.Equal(QueueOutcome.Admitted, queue.Add(Question("day:b"), Start));
    }

    [Fact]
    public void Add_AsManyAsMayWait_RefusesMore()
    {
        var queue = new QuestionQueue(turns: 1);
        for (var i = 0; i < QuestionQueue.MostWaiting; i++)
        {
            Assert.Equal(QueueOutcome.Admitted, queue.Add(new QueuedQuestion(QuestionKind.Day, 1, [$"{i}"]), Start));
            Assert.Equal(QueueOutcome.Admitted, queue.Add(new QueuedQuestion(QuestionKind.Tail, 1, [$"{i}"]), Start));
            Assert.Equal(QueueOutcome.Admitted, queue.Add(new QueuedQuestion(QuestionKind.Day, 1, []), Start));
        }

        Assert.All(["day:b", "tail:b", "day:"], text => Assert.Equal(QueueOutcome.Full, queue.Add(Question(text), Start)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Queue_AnythingInAnyOrder_KeepsItsBoundsAndForgetsNothing(int seed)
    {
        var random = new Random(seed);
        var turns = random.Next(1, 7);
        var (queue, waiting, going, now) = (new QuestionQueue(turns), new List<QueuedQuestion>(), new List<QueuedQuestion>(), Start);
        for (var step = 0; step < 1500; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(2000));
            switch (random.Next(8))
            {
                case < 3:
                    var kind = (QuestionKind)random.Next(3);
                    var question = new QueuedQuestion(
                        kind, kind == QuestionKind.Range ? random.Next(2, 32) : 1, Enumerable.Range(0, random.Next(3)).Select(_ => Caller(random)).Distinct());
                    Assert.Equal(QueueOutcome.Admitted, queue.Add(question, now));
                    waiting.Add(question);
                    break;
                case 3 when waiting.Count > 0:
                    queue.Join(waiting[random.Next(waiting.Count)], Caller(random));
                    break;
                case 4 when waiting.Count > 0:
                    Leave(waiting);
                    break;
                case 5 or 6 when going.Count > 0:
                    Leave(going);
                    break;
            }

            while (queue.Take(now) is { } next)
            {
                Assert.True(waiting.Remove(next));
                going.Add(next);
            }

            var (ranges, others) = (going.Count(IsRange), going.Count(question => question.Kind != QuestionKind.Tail));
            Assert.Equal((waiting.Count, going.Count), (queue.Waiting, queue.Going));
            Assert.InRange(going.Count, 0, turns);
            Assert.InRange(others, 0, Math.Max(1, turns - 1));
            Assert.InRange(ranges, 0, Math.Max(1, turns - 2));

            // No turn is left free while somebody waits for a question that may take it.
            if (going.Count < turns)
            {
                Assert.DoesNotContain(waiting, question => question.Kind == QuestionKind.Tail && question.Askers.Count > 0);
                Assert.DoesNotContain(waiting, question => others < Math.Max(1, turns - 1) && question.Askers.Count > 0
                    && question.Kind != QuestionKind.Tail && (!IsRange(question) || ranges < Math.Max(1, turns - 2)));
            }
        }

        // Whatever waits goes in the end.
        while (going.Count > 0 || waiting.Count > 0)
        {
            Assert.NotEmpty(going);
            Leave(going);
            while (queue.Take(now) is { } next)
            {
                Assert.True(waiting.Remove(next));
                going.Add(next);
            }
        }

        void Leave(List<QueuedQuestion> questions)
        {
            var leaves = questions[random.Next(questions.Count)];
            questions.Remove(leaves);
            queue.End(leaves);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Queue_OneCallerFloods_AnotherOnesDayGoesNext(int seed)
    {
        var random = new Random(seed);
        var queue = new QuestionQueue(turns: 4);
        string[] kinds = ["day:a", "range:a", "tail:a", "day:"];
        Fill(queue, string.Join(' ', Enumerable.Range(0, 100).Select(_ => kinds[random.Next(kinds.Length)])));
        var going = new Queue<QueuedQuestion>(TakeAll(queue).OrderBy(_ => random.Next()));
        var question = Question("day:b");
        queue.Add(question, Start);
        var answered = 0;
        while (question.State == QuestionState.Waiting)
        {
            queue.End(going.Dequeue());
            answered++;
            while (queue.Take(Start) is { } next)
            {
                going.Enqueue(next);
            }
        }

        // Four tails may pass it, those in flight are answered, and the flooding caller may have credit for one more.
        Assert.InRange(answered, 0, 12);
    }

    private static bool IsRange(QueuedQuestion question) => question.Kind == QuestionKind.Range;

    private static string Caller(Random random) => $"{(char)('a' + random.Next(5))}";

    private static (QuestionQueue Queue, List<QueuedQuestion> Questions) Filled(int turns, string waiting)
    {
        var queue = new QuestionQueue(turns);
        return (queue, Fill(queue, waiting));
    }

    private static List<QueuedQuestion> Fill(QuestionQueue queue, string waiting)
    {
        var questions = waiting.Split(' ').Select(Question).ToList();
        questions.ForEach(question => Assert.Equal(QueueOutcome.Admitted, queue.Add(question, Start)));
        return questions;
    }

    private static QueuedQuestion Question(string text)
    {
        var parts = text.Split(':');
        var kind = Enum.Parse<QuestionKind>(parts[0], ignoreCase: true);
        return new QueuedQuestion(kind, kind == QuestionKind.Range ? 31 : 1, parts[1].Select(caller => $"{caller}"));
    }

    private static List<QueuedQuestion> TakeAll(QuestionQueue queue)
    {
        var taken = new List<QueuedQuestion>();
        while (queue.Take(Start) is { } next)
        {
            taken.Add(next);
        }

        return taken;
    }

    private static QueuedQuestion Answered(QuestionQueue queue, TimeSpan? now = null)
    {
        var next = queue.Take(now ?? Start)!;
        queue.End(next);
        return next;
    }
}
