using Microsoft.Extensions.Options;

namespace WebSmsGateway.Upstream;

/// <summary>
/// Room for the answers of WEBSMS while they are read. Memory is charged before it is taken, and an answer waits where there is none. Each
/// answer may take a small part at any time. One at a time may take the rest, so answers that wait for each other cannot stop all of them. No
/// more than <c>Upstream:MaxConcurrency</c> are read at once, and those that were read need no more room.
/// </summary>
internal sealed class AnswerRoom(AnswerMemory memory, IOptions<UpstreamOptions> options) : IDisposable
{
    private const int SmallAnswer = 1024 * 1024;

    private readonly Lock gate = new();
    private readonly long small = Math.Min(SmallAnswer * (long)AnswerMemory.Cost, memory.Small / options.Value.MaxConcurrency);
    private TaskCompletionSource? givenBack;
    private long used;

    /// <summary>The right to be the long answer.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>What all answers hold at the moment, in bytes.</summary>
    public long Used => Volatile.Read(ref used);

    /// <summary>Room for one answer, of which nothing was read yet.</summary>
    public AnswerCharge Open() => new(this);

    public void Dispose() => Turn.Dispose();

    /// <summary>Whether an answer that takes so much is a small one.</summary>
    public bool IsSmall(long amount) => amount <= small;

    /// <summary>A task that completes when something is given back after this call.</summary>
    public Task WhenGivenBack()
    {
        lock (gate)
        {
            return (givenBack ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Charges more, unless that would go beyond the total.</summary>
    public bool TryAdd(long amount)
    {
        lock (gate)
        {
            if (amount > memory.Total - used)
            {
                return false;
            }

            used += amount;
            memory.Report(used);
            return true;
        }
    }

    public void GiveBack(long amount)
    {
        lock (gate)
        {
            used -= amount;
            memory.Report(used);
            givenBack?.SetResult();
            givenBack = null;
        }
    }
}

/// <summary>The room that one answer has, until it is disposed. It belongs to one piece of work and is not shared.</summary>
internal sealed class AnswerCharge(AnswerRoom room) : IDisposable
{
    private bool hasTurn;

    /// <summary>The memory that is charged.</summary>
    public long Amount { get; private set; }

    /// <summary>Takes room for so many bytes of the answer, unless it would have to wait.</summary>
    public bool TryGrow(long length)
    {
        var wanted = length * AnswerMemory.Cost;
        if (!room.IsSmall(wanted) && !hasTurn)
        {
            hasTurn = room.Turn.Wait(0);
        }

        if ((!room.IsSmall(wanted) && !hasTurn) || (wanted > Amount && !room.TryAdd(wanted - Amount)))
        {
            return false;
        }

        Amount = Math.Max(Amount, wanted);
        return true;
    }

    /// <summary>Waits until so many bytes of the answer have room.</summary>
    public async Task GrowAsync(long length, CancellationToken cancellationToken)
    {
        if (!room.IsSmall(length * AnswerMemory.Cost) && !hasTurn)
        {
            await room.Turn.WaitAsync(cancellationToken);
            hasTurn = true;
        }

        while (true)
        {
            var givenBack = room.WhenGivenBack();
            if (TryGrow(length))
            {
                return;
            }

            await givenBack.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets the next long answer be read. What was read stays charged, because its records are still there.</summary>
    public void EndReading()
    {
        if (hasTurn)
        {
            hasTurn = false;
            room.Turn.Release();
        }
    }

    /// <summary>Gives everything back. A second call does nothing.</summary>
    public void Dispose()
    {
        EndReading();
        if (Amount > 0)
        {
            room.GiveBack(Amount);
            Amount = 0;
        }
    }
}
