namespace WebSmsGateway.Turns;

/// <summary>One search: it counts the messages that were looked at, and waits for its turns. It is not safe for several threads.</summary>
internal sealed class Search(SearchTurns turns, string owner) : IDisposable
{
    // Five SMS in Cyrillic. A longer text counts as several messages.
    private const int OrdinaryLength = 335;

    private int left = SearchTurns.Slice;
    private bool hasTurn;
    private bool mayHold;

    /// <summary>Whether the search has to end now, let go of all that it read, and be made again after <see cref="HoldAsync"/>.</summary>
    public bool HasToLetGo { get; private set; }

    /// <summary>Charges a message before it is looked at, unless the slice is over.</summary>
    /// <param name="length">The length of its text.</param>
    public bool TryCharge(int length)
    {
        if (left <= 0)
        {
            return false;
        }

        left -= 1 + (length / OrdinaryLength);
        return true;
    }

    /// <summary>Charges a message before it is looked at. At the end of a slice it waits for the next turn, if the search may hold its days.</summary>
    /// <param name="length">The length of its text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the search goes on; else <see cref="HasToLetGo"/>.</returns>
    public ValueTask<bool> ChargeAsync(int length, CancellationToken cancellationToken)
    {
        if (TryCharge(length))
        {
            return ValueTask.FromResult(true);
        }

        HasToLetGo = !(mayHold = mayHold || turns.TryHold(owner));
        return HasToLetGo ? ValueTask.FromResult(false) : ChargeNextAsync(length, cancellationToken);
    }

    /// <summary>Waits until the search may hold what it reads, which it then may up to its end.</summary>
    public async ValueTask HoldAsync(CancellationToken cancellationToken)
    {
        Pause();
        await turns.HoldAsync(owner, cancellationToken);
        (mayHold, HasToLetGo, left) = (true, false, 0);
    }

    /// <summary>Waits for the next turn. Whoever calls this holds no days meanwhile, unless the search may.</summary>
    public async ValueTask NextAsync(CancellationToken cancellationToken)
    {
        // This also lets go of the thread, so that a search never holds one for longer than a slice.
        Pause();
        await Task.Yield();
        await turns.EnterAsync(owner, cancellationToken);
        (hasTurn, left) = (true, SearchTurns.Slice);
    }

    /// <summary>Takes a slice for a day that has to be read first, and gives the turn back, so that nobody waits for the turn meanwhile.</summary>
    public async ValueTask TakeSliceAsync(CancellationToken cancellationToken)
    {
        if (left <= 0)
        {
            await NextAsync(cancellationToken);
        }

        if (hasTurn)
        {
            // What is left of the slice stays.
            hasTurn = false;
            turns.End();
        }
    }

    /// <summary>Gives the turn back, because the search waits for something else.</summary>
    public void Pause()
    {
        if (hasTurn)
        {
            (hasTurn, left) = (false, 0);
            turns.End();
        }
    }

    public void Dispose()
    {
        Pause();
        if (mayHold)
        {
            mayHold = false;
            turns.LetGo(owner);
        }
    }

    private async ValueTask<bool> ChargeNextAsync(int length, CancellationToken cancellationToken)
    {
        await NextAsync(cancellationToken);
        return TryCharge(length);
    }
}
