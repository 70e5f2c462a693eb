using WebSmsGateway.Configuration;

namespace WebSmsGateway.Turns;

/// <summary>
/// Gives searches half of the processor, in slices. A search that has scanned a slice of messages lets the next owner go on. So a caller's
/// searches through a hundred thousand messages delay its own searches, other searches by a slice or until one of those that hold what they
/// read has ended, and nothing else.
/// </summary>
/// <remarks>
/// Only a few searches may hold what they read while they wait for a turn. The others let go of it, wait until they may hold, and read again. So
/// the messages that searches keep in memory do not grow with the number of searches.
/// </remarks>
/// <param name="atOnce">How many searches scan at the same time.</param>
internal sealed class SearchTurns(int atOnce)
{
    /// <summary>
    /// How many messages of ordinary length a turn covers. The first slice of a search needs no turn, so that a page without a filter waits for
    /// nothing.
    /// </summary>
    public const int Slice = 2048;

    private readonly Lock gate = new();
    private readonly FairFlows<Turn> waiting = new();
    private readonly FairFlows<Turn> waitingToHold = new();

    [Bounded("the owners of the searches that may hold, a few")]
    private readonly Dictionary<string, int> holders = new(StringComparer.Ordinal);

    private int scanning;
    private int holding;

    public SearchTurns()
        : this(Math.Max(1, Environment.ProcessorCount / 2))
    {
    }

    /// <summary>How many searches wait for a turn.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>How many searches have a turn.</summary>
    public int Scanning
    {
        get
        {
            lock (gate)
            {
                return scanning;
            }
        }
    }

    /// <summary>How many searches may hold what they read, of all owners together.</summary>
    public int MostHolding { get; } = 4 * atOnce;

    /// <summary>How many of them may be one owner's.</summary>
    public int MostHoldingOfOwner => MostHolding / 2;

    /// <summary>How many searches hold what they read.</summary>
    public int Holding
    {
        get
        {
            lock (gate)
            {
                return holding;
            }
        }
    }

    /// <summary>How many searches have let go and wait until they may hold.</summary>
    public int WaitingToHold
    {
        get
        {
            lock (gate)
            {
                return waitingToHold.Count;
            }
        }
    }

    /// <summary>Begins a search. The caller disposes it when it has found what it wanted.</summary>
    public Search Begin(string owner) => new(this, owner);

    /// <summary>Waits for a turn. <see cref="End"/> has to follow.</summary>
    internal ValueTask EnterAsync(string owner, CancellationToken cancellationToken) => WaitAsync(waiting, owner, End, cancellationToken);

    internal void End()
    {
        lock (gate)
        {
            scanning--;
            Give();
        }
    }

    /// <summary>Lets a search hold what it has read, if that is possible now. <see cref="LetGo"/> has to follow.</summary>
    internal bool TryHold(string owner)
    {
        lock (gate)
        {
            // Those that wait are not passed over: none of them may hold at this moment.
            var may = MayHold(owner);
            if (may)
            {
                Hold(owner);
            }

            return may;
        }
    }

    /// <summary>Waits until a search may hold what it reads. <see cref="LetGo"/> has to follow.</summary>
    internal ValueTask HoldAsync(string owner, CancellationToken cancellationToken) =>
        WaitAsync(waitingToHold, owner, () => LetGo(owner), cancellationToken);

    internal void LetGo(string owner)
    {
        lock (gate)
        {
            holding--;
            if (--holders[owner] == 0)
            {
                holders.Remove(owner);
            }

            Give();
        }
    }

    private async ValueTask WaitAsync(FairFlows<Turn> flows, string owner, Action giveBack, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new Turn(owner);
        lock (gate)
        {
            flows.Add(turn, owner);
            Give();
        }

        try
        {
            await turn.Given.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            bool isGiven;
            lock (gate)
            {
                flows.Remove(turn);
                isGiven = turn.Given.Task.IsCompleted;
            }

            if (isGiven)
            {
                giveBack();
            }

            throw;
        }
    }

    private void Give()
    {
        while (scanning < atOnce && waiting.Take(static _ => true) is { } next)
        {
            scanning++;
            next.Given.SetResult();
        }

        while (waitingToHold.Take(turn => MayHold(turn.Owner)) is { } next)
        {
            Hold(next.Owner);
            next.Given.SetResult();
        }
    }

    private bool MayHold(string owner) => holding < MostHolding && holders.GetValueOrDefault(owner) < MostHoldingOfOwner;

    private void Hold(string owner)
    {
        holding++;
        holders[owner] = holders.GetValueOrDefault(owner) + 1;
    }

    private sealed class Turn(string owner) : FlowWork(cost: 1)
    {
        public string Owner => owner;

        public TaskCompletionSource Given { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
