using System.IO.Hashing;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.Tests.Archive;

/// <summary>A shared store in memory, for several replicas. Tests make it silent, forgetful or slow.</summary>
internal sealed class StoreModel : ISharedStore
{
    private readonly Dictionary<Scope, StoredHead> heads = [];
    private readonly Dictionary<string, byte[]> values = [];
    private int tags;

    public bool IsUp { get; set; } = true;

    /// <summary>Whether a head can be replaced. A store that does not answer is not known to be down yet.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>Runs once, before the next head is replaced: another replica may be faster.</summary>
    public Func<Task>? BeforeReplace { get; set; }

    public TimeSpan ClockOffset => TimeSpan.Zero;

    public TimeProvider Time => TimeProvider.System;

    public int Heads => heads.Count;

    /// <summary>The names of values that no head needs any more.</summary>
    public HashSet<string> Released { get; } = [];

    public void Flush()
    {
        heads.Clear();
        values.Clear();
    }

    /// <summary>Loses all that heads name, and no head.</summary>
    public void LoseValues() => values.Clear();

    /// <summary>The head as it is, to be put back later.</summary>
    public StoredHead? Saved(Scope scope) => heads.GetValueOrDefault(scope);

    public void PutBack(Scope scope, StoredHead head) => heads[scope] = head;

    public Task<StoredHead?> ReadHeadAsync(Scope scope, string? knownTag, CancellationToken cancellationToken)
    {
        var head = heads.GetValueOrDefault(scope) ?? new StoredHead("", null);
        return Task.FromResult<StoredHead?>(!Answers ? null : head.Tag == knownTag && knownTag != "" ? head with { Payload = null } : head);
    }

    public async Task<HeadWrite> ReplaceHeadAsync(
        Scope scope, string tag, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var before = BeforeReplace;
        BeforeReplace = null;
        await (before?.Invoke() ?? Task.CompletedTask);
        if (!Answers)
        {
            return new HeadWrite(HeadWriteOutcome.Unanswered, "");
        }

        if ((heads.GetValueOrDefault(scope)?.Tag ?? "") != tag)
        {
            return new HeadWrite(HeadWriteOutcome.Lost, "");
        }

        heads[scope] = new StoredHead($"tag {++tags}", payload.ToArray());
        return new HeadWrite(HeadWriteOutcome.Written, heads[scope].Tag);
    }

    public string NameOf(Scope scope, ReadOnlySpan<byte> payload) => Convert.ToHexStringLower(XxHash128.Hash(payload));

    public Task<byte[]?[]?> ReadValuesAsync(Scope scope, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        Task.FromResult(Answers ? names.Select(name => values.GetValueOrDefault(name)).ToArray() : null);

    public Task<bool> WriteValuesAsync(Scope scope, IReadOnlyList<StoredValue> written, CancellationToken cancellationToken)
    {
        foreach (var value in Answers ? written : [])
        {
            values[value.Name] = value.Payload;
        }

        return Task.FromResult(Answers);
    }

    public Task ReleaseValuesAsync(Scope scope, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        Released.UnionWith(names);
        return Task.CompletedTask;
    }

    public Task<ISharedLease> LeaseAsync(Scope scope, LeaseFor work, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IDisposable Subscribe(Scope scope, Action replaced) => throw new NotSupportedException();
}
