using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Tests.Webhooks.Delivery;

/// <summary>The rules of the store in Redis, in memory, with a lease and faults.</summary>
internal sealed class SharedStates(FakeTimeProvider clock) : IStateStore
{
    private MemoryStates values = new(clock);
    private (string Sender, DateTimeOffset Until) lease;

    public bool IsDown { get; set; }

    public bool LosesAnswers { get; set; }

    public bool IsLeaseIgnored { get; set; }

    public Func<Task>? BeforeReplace { get; set; }

    public string Description => "in a test";

    public TimeProvider Time => clock;

    public void Empty() => (values, lease) = (new MemoryStates(clock), default);

    public async Task<StateReply?> LookAsync(string endpoint, KnownTags known, LeaseRequest request, CancellationToken cancellationToken)
    {
        if (IsDown)
        {
            return null;
        }

        var reply = await values.LookAsync(endpoint, known, LeaseRequest.None, cancellationToken);
        var isFree = IsLeaseIgnored || lease.Until <= clock.GetUtcNow() || lease.Sender == request.Sender;
        var isHeld = request.Sender is not null && isFree
            && (lease.Sender == request.Sender || request.MayBegin || reply!.State.Tag.Length > 0);
        lease = isHeld ? (request.Sender!, clock.GetUtcNow() + IStateStore.LeaseDuration) : lease;
        return reply! with { IsHeld = isHeld };
    }

    public async Task<StateWrite> ReplaceAsync(
        string endpoint, StateSlot slot, string tag, byte[] payload, CancellationToken cancellationToken)
    {
        await (BeforeReplace?.Invoke() ?? Task.CompletedTask);
        var unanswered = new StateWrite(StateWriteOutcome.Unanswered, "");
        var write = IsDown ? unanswered : await values.ReplaceAsync(endpoint, slot, tag, payload, cancellationToken);
        return LosesAnswers ? unanswered : write;
    }

    public Task ReleaseAsync(string endpoint, string sender, CancellationToken cancellationToken)
    {
        lease = lease.Sender == sender ? default : lease;
        return Task.CompletedTask;
    }

    public Task<(bool Answered, TimeSpan? Age)> AgeAsync(CancellationToken cancellationToken) => values.AgeAsync(cancellationToken);
}
