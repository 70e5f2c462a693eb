namespace WebSmsGateway.Turns;

/// <summary>
/// Gives searches half of the processor, in slices. A search that has scanned a slice of messages lets the next owner go on. So a caller's
/// searches through a hundred thousand messages delay its own searches, other searches by a slice, and nothing else.
/// </summary>
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
    private int scanning;

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

    /// <summary>Begins a search. The caller disposes it when it has found what it wanted.</summary>
    public Search Begin(string owner) => new(this, owner);

    /// <summary>Waits for a turn. <see cref="End"/> has to follow.</summary>
    internal async ValueTask EnterAsync(string owner, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new Turn();
        lock (gate)
        {
            waiting.Add(turn, owner);
            GiveTurns();
        }

        try
        {
            await turn.Given.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (gate)
            {
                scanning -= turn.Given.Task.IsCompleted ? 1 : 0;
                waiting.Remove(turn);
                GiveTurns();
            }

            throw;
        }
    }

    internal void End()
    {
        lock (gate)
        {
            scanning--;
            GiveTurns();
        }
    }

    private void GiveTurns()
    {
        while (scanning < atOnce && waiting.Take(static _ => true) is { } next)
        {
            scanning++;
            next.Given.SetResult();
        }
    }

    private sealed class Turn() : FlowWork(cost: 1)
    {
        public TaskCompletionSource Given { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>One search: it counts the messages that were looked at, and waits for its turns. It is not safe for several threads.</summary>
internal sealed class Search(SearchTurns turns, string owner) : IDisposable
{
    // Five SMS in Cyrillic. A longer text counts as several messages.
    private const int OrdinaryLength = 335;

    private int left = SearchTurns.Slice;
    private bool hasTurn;

    /// <summary>Charges a message before it is looked at. At the end of a slice it waits for the next turn.</summary>
    /// <param name="length">The length of its text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask ChargeAsync(int length, CancellationToken cancellationToken) =>
        (left -= 1 + (length / OrdinaryLength)) >= 0 ? ValueTask.CompletedTask : NextAsync(cancellationToken);

    /// <summary>Gives the turn back, because the search waits for something else.</summary>
    public void Pause()
    {
        if (hasTurn)
        {
            (hasTurn, left) = (false, 0);
            turns.End();
        }
    }

    public void Dispose() => Pause();

    private async ValueTask NextAsync(CancellationToken cancellationToken)
    {
        // This also lets go of the thread, so that a search never holds one for longer than a slice.
        Pause();
        await Task.Yield();
        await turns.EnterAsync(owner, cancellationToken);
        (hasTurn, left) = (true, SearchTurns.Slice - 1);
    }
}
