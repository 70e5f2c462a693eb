using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Virtual;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>One process of the gateway from its start to its end, and what it was told.</summary>
internal sealed class ReplicaRun : IQuestionWitness, IDisposable
{
    private readonly World world;
    private readonly CancellationTokenSource killed = new();
    private readonly Dictionary<int, ScopeKnowledge> scopes = [];
    private readonly Dictionary<Scope, TimeSpan> looks = [];

    public ReplicaRun(World world, int index, int incarnation)
    {
        this.world = world;
        (Index, Incarnation) = (index, incarnation);
        Clock = new VirtualClock(world.Time, world.Clocks.Ahead[index]);
        var line = new WebsmsLine(world.Setting, world.Time, Clock, world.Websms, this);
        Process = new Replica(
            world.Setting, world.Zone, Clock, line, world.Store?.ViewOf(this), new DefectLog(text => world.Report(Promise.NoDefect, text)));
    }

    public int Index { get; }

    public int Incarnation { get; }

    public VirtualClock Clock { get; }

    public Replica Process { get; }

    /// <summary>When the store last lost values that this process may have counted on.</summary>
    public TimeSpan LostValuesAt => world.Store?.LostValuesAt ?? TimeSpan.MinValue;

    /// <summary>When the process was killed; null if it was not.</summary>
    public TimeSpan? KilledAt { get; private set; }

    public bool IsAlive => !Clock.IsStopped;

    /// <summary>How soon after a notice the process looks at the head: its own question to WEBSMS may be on its way.</summary>
    public TimeSpan NoticeLimit => TimeSpan.FromSeconds(1) + (3 * world.Setting.Latency);

    /// <summary>Ends the requests of a process that is killed.</summary>
    public CancellationToken Killed => killed.Token;

    public List<Question> Questions { get; } = [];

    /// <summary>What the process was told about the scope of a number; -1 is the account.</summary>
    public ScopeKnowledge KnowledgeOf(int number)
    {
        var scope = world.Setting.IsPerNumber ? number : -1;
        return scopes.TryGetValue(scope, out var knowledge) ? knowledge : scopes[scope] = new ScopeKnowledge();
    }

    /// <summary>Whether the process was ever given a copy.</summary>
    public bool HasKnown(SmsCopy copy) => scopes.Values.Any(knowledge => knowledge.Known.ContainsKey(copy));

    /// <summary>The process looks at the head of a scope.</summary>
    public void LookedAt(Scope scope) => looks[scope] = world.Time.Elapsed;

    /// <summary>Reports a process that has not looked at a head since another one replaced it, while nothing else was wrong.</summary>
    public void ExpectLook(Scope scope, TimeSpan since)
    {
        var isWell = IsAlive && since > world.Websms.Faults.DisturbedUntil + TimeSpan.FromMinutes(1);
        if (isWell && !(looks.TryGetValue(scope, out var at) && at >= since))
        {
            world.Report(Promise.NoticeHeard, $"{this} has not looked at the head that was replaced at {since:c}.");
        }
    }

    public void Kill()
    {
        Clock.IsStopped = true;
        KilledAt = world.Time.Elapsed;
        killed.Cancel();
    }

    public void Asked(UpstreamQuestion question) => Questions.Add(new Question(this, question, world.Time.Elapsed, world.LocalDay));

    public void Answered(UpstreamQuestion question, UpstreamAnswer result, WebsmsAnswer? answer)
    {
        var now = world.Time.Elapsed;
        world.Tell($"{this} asked from {question.From:dd HH:mm:ss} through {question.Through:dd HH:mm:ss}: "
            + (result.Failure is { } failed ? failed.Error.ToString() : string.Concat(answer!.Given.TakeLast(10).Select(item => $" [{item.Sms.Record.Message}]"))));
        if (result.Failure is not null || answer is null)
        {
            Questions[^1] = Questions[^1] with { IsFailed = true };
            world.Websms.Faults.Disturb(now);
            return;
        }

        KnowledgeOf(question.RentedNumber is { } number ? number.ToString()[^1] - '0' : -1).Learn(question, answer, now);
        if (answer.IsCut)
        {
            Questions[^1] = Questions[^1] with { IsFailed = true };
            return;
        }

        foreach (var (_, copy) in answer.Withheld)
        {
            copy.MayDisappear |= now - copy.LackedSince >= TimeSpan.FromSeconds(50)
                && (answer.Problems.Count == 0 || world.Runs.Any(run => run.HasKnown(copy)));
            copy.LackedSince ??= now;
        }

        var asked = Questions.FindLast(other => ReferenceEquals(other.Asked, question))!;
        world.Coverage.Add(new Coverage(this, question, asked.At, now));
    }

    public void Dispose()
    {
        killed.Dispose();
        Process.Dispose();
    }

    public override string ToString() => $"replica {Index}.{Incarnation}";
}

/// <summary>What a process was told about one scope.</summary>
internal sealed class ScopeKnowledge
{
    private int answers;
    private bool isDirectionShown;

    /// <summary>When and where the process first was given each copy.</summary>
    public Dictionary<SmsCopy, Learned> Known { get; } = [];

    /// <summary>The days that the process was told about, and when last.</summary>
    public Dictionary<DateOnly, TimeSpan> Days { get; } = [];

    public void Learn(UpstreamQuestion question, WebsmsAnswer answer, TimeSpan now)
    {
        for (var day = DateOnly.FromDateTime(question.From); !answer.IsCut && day <= DateOnly.FromDateTime(question.Through); day = day.AddDays(1))
        {
            Days[day] = now;
        }

        answers++;
        isDirectionShown |= answer.Given.Count > 0 && answer.Given[0].Sms.Record.Date != answer.Given[^1].Sms.Record.Date;
        for (var i = 0; i < answer.Given.Count; i++)
        {
            Known.TryAdd(answer.Given[i].Copy, new Learned(now, answers, i, isDirectionShown));
        }
    }
}

/// <summary>
/// When a process was first given a message: in which of its answers, where in it, and whether its lists had shown their order.
/// </summary>
internal readonly record struct Learned(TimeSpan At, int Answer, int Place, bool IsDirectionShown);

/// <summary>A question that a process asked.</summary>
internal sealed record Question(ReplicaRun Run, UpstreamQuestion Asked, TimeSpan At, DateOnly Today)
{
    public bool IsFailed { get; init; }
}

/// <summary>What an answer told a process about.</summary>
internal sealed record Coverage(ReplicaRun Run, UpstreamQuestion Question, TimeSpan AskedAt, TimeSpan At);
