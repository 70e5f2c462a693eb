using System.IO.Hashing;
using System.Text;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Simulation.Virtual;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Store;

/// <summary>
/// The store as one process has it. Its calls take time, and a slow one counts as unanswered although the store does its work.
/// </summary>
internal sealed class SharedStoreView(SharedStore store, ReplicaRun run, VirtualTime time) : ISharedStore
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Breaker = TimeSpan.FromSeconds(1);

    private TimeSpan triesAgainAt = TimeSpan.MinValue;

    public bool IsUp => time.Elapsed >= triesAgainAt;

    public TimeSpan ClockOffset => time.Start + store.Now - run.Clock.GetUtcNow();

    public TimeProvider Time => run.Clock;

    public Task<StoredHead?> ReadHeadAsync(Scope scope, string? knownTag, CancellationToken cancellationToken)
    {
        run.LookedAt(scope);
        return CallAsync<StoredHead?>(() => HeadOf(scope, knownTag), null, cancellationToken);
    }

    private StoredHead HeadOf(Scope scope, string? knownTag) => store.Heads.TryGetValue(scope, out var head)
        ? new StoredHead(head.Tag, head.Tag == knownTag ? null : head.Payload)
        : new StoredHead("", null);

    public Task<HeadWrite> ReplaceHeadAsync(Scope scope, string tag, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var bytes = payload.ToArray();
        return CallAsync(
            () =>
            {
                if ((store.Heads.TryGetValue(scope, out var head) ? head.Tag : "") != tag)
                {
                    return new HeadWrite(HeadWriteOutcome.Lost, "");
                }

                store.Remember();
                var next = new SharedStore.Head(store.NewTag(), bytes);
                store.Heads[scope] = next;
                store.Publish(scope, run);
                return new HeadWrite(HeadWriteOutcome.Written, next.Tag);
            },
            new HeadWrite(HeadWriteOutcome.Unanswered, ""), cancellationToken);
    }

    public string NameOf(Scope scope, ReadOnlySpan<byte> payload)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.ASCII.GetBytes(scope.ToString()));
        hash.Append(payload);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    public Task<byte[]?[]?> ReadValuesAsync(Scope scope, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        CallAsync<byte[]?[]?>(
            () => [.. names.Select(name => store.ValueOf(KeyOf(scope, name)))],
            null, cancellationToken);

    public Task<bool> WriteValuesAsync(Scope scope, IReadOnlyList<StoredValue> values, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            store.Remember();
            foreach (var value in values)
            {
                store.Values[KeyOf(scope, value.Name)] = new SharedStore.Value(value.Payload, store.Now + value.Lifetime);
            }

            return true;
        },
        false, cancellationToken);

    public Task ReleaseValuesAsync(Scope scope, IReadOnlyList<string> names, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            store.Remember();
            foreach (var name in names.Select(name => KeyOf(scope, name)))
            {
                if (store.Values.TryGetValue(name, out var value))
                {
                    var soon = store.Now + TimeSpan.FromMinutes(1);
                    store.Values[name] = value with { GoneAt = value.GoneAt < soon ? value.GoneAt : soon };
                }
            }

            return true;
        },
        false, cancellationToken);

    public async Task<ISharedLease> LeaseAsync(Scope scope, LeaseFor work, CancellationToken cancellationToken)
    {
        var name = $"{scope}:{work}";
        var lease = new StoreLease(run);
        var isElsewhere = await CallAsync(
            () =>
            {
                if (store.Leases.TryGetValue(name, out var held) && held.EndsAt > store.Now)
                {
                    return true;
                }

                lease.EndsAt = store.Now + LeaseLength;
                store.Leases[name] = lease;
                return false;
            },
            false, cancellationToken);
        return new SharedLease(store, run, name, lease, isElsewhere);
    }

    public IDisposable Subscribe(Scope scope, Action replaced)
    {
        var subscription = new SharedStore.Subscription(scope, run, replaced);
        store.Subscribe(subscription);
        return new Unsubscriber(() => store.Unsubscribe(subscription));
    }

    // Values of different scopes never meet, although days have the same names in all of them.
    private static string KeyOf(Scope scope, string name) => $"{scope} {name}";

    /// <summary>One call. The store does its work in the middle of it, if it is there; the process hears of that only in time.</summary>
    public async Task<T> CallAsync<T>(Func<T> work, T unanswered, CancellationToken cancellationToken)
    {
        if (!IsUp)
        {
            return unanswered;
        }

        var latency = store.IsAway ? TimeSpan.MaxValue : store.Latency;
        var done = unanswered;
        if (latency <= 2 * TimeLimit)
        {
            await Task.Delay(latency / 2, run.Clock, cancellationToken);
            done = work();
        }

        if (latency > TimeLimit)
        {
            await Task.Delay(TimeLimit - (latency <= 2 * TimeLimit ? latency / 2 : TimeSpan.Zero), run.Clock, cancellationToken);
            triesAgainAt = time.Elapsed + Breaker;
            return unanswered;
        }

        await Task.Delay(latency - (latency / 2), run.Clock, cancellationToken);
        return done;
    }

    private sealed class SharedLease : ISharedLease
    {
        private readonly SharedStore store;
        private readonly string name;
        private readonly StoreLease lease;
        private readonly ITimer? renewal;

        public SharedLease(SharedStore store, ReplicaRun run, string name, StoreLease lease, bool isElsewhere)
        {
            (this.store, this.name, this.lease) = (store, name, lease);
            IsElsewhere = isElsewhere;
            renewal = isElsewhere ? null : run.Clock.CreateTimer(_ => Renew(), null, LeaseLength / 3, LeaseLength / 3);
        }

        public bool IsElsewhere { get; }

        private bool IsHeld => !store.IsAway && store.Leases.TryGetValue(name, out var held) && held == lease;

        public ValueTask DisposeAsync()
        {
            renewal?.Dispose();
            if (!IsElsewhere && IsHeld)
            {
                store.Leases.Remove(name);
            }

            return ValueTask.CompletedTask;
        }

        private void Renew()
        {
            if (IsHeld)
            {
                lease.EndsAt = store.Now + LeaseLength;
            }
        }
    }

    private sealed class Unsubscriber(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
