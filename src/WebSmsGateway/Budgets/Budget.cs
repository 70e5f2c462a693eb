using WebSmsGateway.Configuration;

namespace WebSmsGateway.Budgets;

/// <summary>
/// What may be held of one part at the same time: a total for all owners together, and a share for each of them. It is charged before the
/// work, and the charge is given back when the work ends. It knows neither a clock nor a queue. Who may wait for room waits for
/// <see cref="WhenGivenBack"/> and tries again.
/// </summary>
/// <remarks>
/// An owner that holds nothing may take more than its share, and a budget of which nothing is held grants any amount. Otherwise an answer
/// that is larger than a share could never be given.
/// </remarks>
/// <param name="part">The part.</param>
/// <param name="total">What all owners may hold together, in the unit of the part.</param>
/// <param name="share">What one owner may hold.</param>
internal sealed class Budget(BudgetPart part, long total, long share)
{
    private readonly Lock gate = new();

    // Only owners that hold something are kept, so the amounts bound their number.
    [Bounded("the owners that hold something, and so the total")]
    private readonly Dictionary<string, Holding> holdings = new(StringComparer.Ordinal);

    private long used;
    private TaskCompletionSource? givenBack;

    public BudgetPart Part => part;

    public long Total => total;

    public long Share => share;

    /// <summary>What is held at the moment.</summary>
    public long Used => Volatile.Read(ref used);

    /// <summary>The owner that holds most, by its name; null if nobody holds anything.</summary>
    public (string Name, long Amount)? Largest
    {
        get
        {
            lock (gate)
            {
                return holdings.Count == 0
                    ? null
                    : holdings.Values.MaxBy(holding => holding.Amount) is var most ? (most.Name, most.Amount) : null;
            }
        }
    }

    /// <summary>A task that completes when something is given back after this call.</summary>
    public Task WhenGivenBack()
    {
        lock (gate)
        {
            return (givenBack ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>What one owner holds.</summary>
    public long HeldBy(BudgetOwner owner)
    {
        lock (gate)
        {
            return holdings.TryGetValue(owner.Id, out var holding) ? holding.Amount : 0;
        }
    }

    /// <summary>Charges an owner, unless that would go beyond its share or the total.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="amount">The amount, at least 1.</param>
    /// <param name="charge">The charge, which the caller has to dispose; null where none was granted.</param>
    public ChargeOutcome TryCharge(BudgetOwner owner, long amount, out Charge? charge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        var outcome = TryAdd(owner, amount);
        charge = outcome == ChargeOutcome.Granted ? new Charge(this, owner, amount) : null;
        return outcome;
    }

    /// <summary>
    /// An empty charge for an owner that bounds itself, such as a cache that drops what goes beyond its limit. It says what it holds with
    /// <see cref="Charge.Set"/>.
    /// </summary>
    public Charge Open(BudgetOwner owner) => new(this, owner, 0);

    internal ChargeOutcome TryAdd(BudgetOwner owner, long amount) => TryAdd(owner, amount, share, total);

    internal ChargeOutcome TryAdd(BudgetOwner owner, long amount, long ofOwner, long ofAll)
    {
        lock (gate)
        {
            var held = holdings.TryGetValue(owner.Id, out var holding) ? holding.Amount : 0;
            if (held > 0 && amount > ofOwner - held)
            {
                return ChargeOutcome.ShareUsedUp;
            }

            if (used > 0 && amount > ofAll - used)
            {
                return ChargeOutcome.TotalUsedUp;
            }

            Change(owner, held, amount);
            return ChargeOutcome.Granted;
        }
    }

    /// <summary>Changes what an owner holds, without a check.</summary>
    internal void Add(BudgetOwner owner, long amount)
    {
        lock (gate)
        {
            Change(owner, holdings.TryGetValue(owner.Id, out var holding) ? holding.Amount : 0, amount);
        }
    }

    private void Change(BudgetOwner owner, long held, long amount)
    {
        used += amount;
        if (held + amount > 0)
        {
            holdings[owner.Id] = new Holding(owner.Name, held + amount);
        }
        else
        {
            holdings.Remove(owner.Id);
        }

        if (amount < 0)
        {
            givenBack?.SetResult();
            givenBack = null;
        }
    }

    private readonly record struct Holding(string Name, long Amount);
}

/// <summary>What an owner holds of a budget for one piece of work, until it is disposed. It belongs to that work and is not shared.</summary>
internal sealed class Charge : IDisposable
{
    private readonly Budget budget;
    private readonly BudgetOwner owner;
    private long amount;

    internal Charge(Budget budget, BudgetOwner owner, long amount) => (this.budget, this.owner, this.amount) = (budget, owner, amount);

    public long Amount => Volatile.Read(ref amount);

    /// <summary>Charges more, unless that would go beyond the share or the total. Otherwise the charge stays as it is.</summary>
    public ChargeOutcome TryGrow(long by)
    {
        var outcome = by > 0 ? budget.TryAdd(owner, by) : ChargeOutcome.Granted;
        if (outcome == ChargeOutcome.Granted && by > 0)
        {
            Interlocked.Add(ref amount, by);
        }

        return outcome;
    }

    /// <summary>
    /// Charges more for something that can be done without, such as a copy kept at hand: only within half of the share and half of the total.
    /// </summary>
    public bool TryGrowIfPlenty(long by)
    {
        if (budget.TryAdd(owner, by, budget.Share / 2, budget.Total / 2) != ChargeOutcome.Granted)
        {
            return false;
        }

        Interlocked.Add(ref amount, by);
        return true;
    }

    /// <summary>Sets the amount to what is really held, without a check.</summary>
    public void Set(long held)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(held);
        var before = Interlocked.Exchange(ref amount, held);
        if (held != before)
        {
            budget.Add(owner, held - before);
        }
    }

    /// <summary>Gives everything back. A second call does nothing.</summary>
    public void Dispose() => Set(0);
}

/// <summary>The owner of charges.</summary>
/// <param name="Id">What tells owners apart: the id of a caller, an address.</param>
/// <param name="Name">Its name in metrics: that of a configured caller, or a word for all owners of a kind. Never a number or an address.</param>
internal readonly record struct BudgetOwner(string Id, string Name)
{
    /// <summary>The gateway itself: what it holds for all callers together.</summary>
    public static readonly BudgetOwner Gateway = new("gateway", "gateway");
}

/// <summary>The result of charging a budget.</summary>
internal enum ChargeOutcome
{
    Granted,

    /// <summary>The owner holds its whole share: 429 <c>rate-limited</c>.</summary>
    ShareUsedUp,

    /// <summary>All owners together hold the total: 503 <c>overloaded</c>.</summary>
    TotalUsedUp,
}
