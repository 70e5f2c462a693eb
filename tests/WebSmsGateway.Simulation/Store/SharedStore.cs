using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Simulation.Virtual;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Store;

/// <summary>The modelled Redis: heads by tag, values by name, leases, notices, and a clock of its own. It can lose anything.</summary>
internal sealed class SharedStore(VirtualTime time, TimeSpan ahead)
{
    private static readonly TimeSpan KeptPast = TimeSpan.FromMinutes(2);

    private readonly List<(What What, TimeSpan From, TimeSpan To, TimeSpan Late)> windows = [];
    private readonly List<(TimeSpan At, Dictionary<Scope, Head> Heads, Dictionary<string, Value> Values)> past = [];
    private readonly List<Subscription> subscriptions = [];
    private int tags;

    public Dictionary<Scope, Head> Heads { get; private set; } = [];

    public Dictionary<string, Value> Values { get; private set; } = [];

    public Dictionary<string, StoreLease> Leases { get; } = [];

    /// <summary>How far the clock of the store is ahead of the true time. Somebody may put it on or back.</summary>
    public TimeSpan Ahead { get; set; } = ahead;

    /// <summary>How often the store lost something or was away, each of which may end an epoch.</summary>
    public int Losses { get; private set; }

    /// <summary>When the store last lost values that heads name.</summary>
    public TimeSpan LostValuesAt { get; private set; } = TimeSpan.MinValue;

    /// <summary>The end of the last fault.</summary>
    public TimeSpan DisturbedUntil { get; private set; } = TimeSpan.FromHours(-1);

    /// <summary>Whether a process may be on its own, because the store is away or was so a moment ago.</summary>
    public bool IsDisturbed => time.Elapsed < DisturbedUntil + TimeSpan.FromSeconds(40);

    public TimeSpan Now => time.Elapsed + Ahead;

    public SharedStoreView ViewOf(ReplicaRun run) => new(this, run, time);

    public void Begin(Happening happening)
    {
        switch (happening.What)
        {
            case What.FlushStore:
                (Heads, Values) = ([], []);
                Leases.Clear();
                past.Clear();
                Lose(happening.At);
                break;
            case What.FailOverStore:
                (Heads, Values) = StateAt(happening.At - happening.Span);
                Leases.Clear();
                LostValuesAt = happening.At;
                Lose(happening.At);
                break;
            case What.ReplayStore:
                Heads = StateAt(happening.At - happening.Span).Heads;
                Lose(happening.At);
                break;
            case What.EvictStore:
                Evict(happening.Part);
                LostValuesAt = happening.At;
                Lose(happening.At);
                break;
            case What.LoseNotices:
                windows.Add((happening.What, happening.At, happening.At + happening.Span, default));
                break;
            default:
                windows.Add((happening.What, happening.At, happening.At + happening.Span, happening.Late));
                Lose(happening.At + happening.Span);
                break;
        }
    }

    public void EndFaults()
    {
        windows.Clear();
        DisturbedUntil = DisturbedUntil < time.Elapsed ? DisturbedUntil : time.Elapsed;
    }

    public bool IsAway => IsIn(What.LoseStore);

    public bool LosesNotices => IsIn(What.LoseNotices) || IsAway;

    /// <summary>How long a call takes now.</summary>
    public TimeSpan Latency
    {
        get
        {
            foreach (var window in windows)
            {
                if (window.What == What.SlowStore && window.From <= time.Elapsed && time.Elapsed < window.To)
                {
                    return window.Late;
                }
            }

            return TimeSpan.FromMilliseconds(1);
        }
    }

    public string NewTag() => $"t{++tags}";

    /// <summary>Keeps the state before a write, so that a failover can lose it.</summary>
    public void Remember()
    {
        past.RemoveAll(state => state.At < time.Elapsed - KeptPast);
        past.Add((time.Elapsed, new(Heads), new(Values)));
    }

    public void Subscribe(Subscription subscription) => subscriptions.Add(subscription);

    public void Unsubscribe(Subscription subscription) => subscriptions.Remove(subscription);

    public void Publish(Scope scope, ReplicaRun from)
    {
        if (LosesNotices)
        {
            return;
        }

        foreach (var subscription in subscriptions.Where(subscription => subscription.Scope == scope && subscription.Run != from).ToList())
        {
            time.Run(async () =>
            {
                var replacedAt = time.Elapsed;
                await time.DelayAsync(TimeSpan.FromMilliseconds(2));
                if (subscription.Run.Clock.FrozenUntil > time.Elapsed)
                {
                    await time.DelayAsync(subscription.Run.Clock.FrozenUntil - time.Elapsed);
                }

                if (!subscription.Run.IsAlive || !subscriptions.Contains(subscription))
                {
                    return;
                }

                subscription.Replaced();
                await time.DelayAsync(subscription.Run.NoticeLimit);
                if (subscriptions.Contains(subscription) && !IsDisturbed)
                {
                    subscription.Run.ExpectLook(scope, replacedAt);
                }
            });
        }
    }

    public byte[]? ValueOf(string name) => Values.TryGetValue(name, out var value) && value.GoneAt > Now ? value.Payload : null;

    private bool IsIn(What what) =>
        windows.Exists(window => window.What == what && window.From <= time.Elapsed && time.Elapsed < window.To);

    private void Evict(int how)
    {
        if (how == 2)
        {
            Heads = [];
            return;
        }

        var names = Values.Keys.Order(StringComparer.Ordinal).ToList();
        foreach (var name in names.Where((_, index) => how == 1 || index % 2 == 0))
        {
            Values.Remove(name);
        }
    }

    private void Lose(TimeSpan until)
    {
        Losses++;
        DisturbedUntil = until > DisturbedUntil ? until : DisturbedUntil;
    }

    private (Dictionary<Scope, Head> Heads, Dictionary<string, Value> Values) StateAt(TimeSpan moment)
    {
        // Each state was kept before the write at its time, so the first one after the moment is how things were then.
        foreach (var state in past)
        {
            if (state.At >= moment)
            {
                return (new(state.Heads), new(state.Values));
            }
        }

        return (new(Heads), new(Values));
    }

    internal sealed record Head(string Tag, byte[] Payload);

    internal sealed record Value(byte[] Payload, TimeSpan GoneAt);

    internal sealed record Subscription(Scope Scope, ReplicaRun Run, Action Replaced);
}

/// <summary>Who has a lease, and until when.</summary>
internal sealed class StoreLease(ReplicaRun holder)
{
    public ReplicaRun Holder => holder;

    /// <summary>The holder renews its lease while it lives. It ends this long after its last renewal.</summary>
    public TimeSpan EndsAt { get; set; }
}
