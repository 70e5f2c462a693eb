using WebSmsGateway.Budgets;

namespace WebSmsGateway.Tests.Budgets;

public sealed class BudgetTests
{
    private static readonly BudgetOwner Shop = new("key:shop", "shop");
    private static readonly BudgetOwner Bank = new("key:bank", "bank");
    private static readonly BudgetOwner Office = new("key:office", "office");

    private readonly Budget budget = new(BudgetPart.Unsent, total: 100, share: 40);

    [Fact]
    public void TryCharge_BeyondTheOwnersShare_IsTheOwnersAlone()
    {
        Assert.Equal(ChargeOutcome.Granted, budget.TryCharge(Shop, 30, out _));

        Assert.Equal(ChargeOutcome.ShareUsedUp, budget.TryCharge(Shop, 11, out var refused));
        Assert.Equal(ChargeOutcome.Granted, budget.TryCharge(Bank, 40, out _));
        Assert.Null(refused);
        Assert.Equal(70, budget.Used);
    }

    [Fact]
    public void TryCharge_BeyondTheTotal_IsRefusedToEveryone()
    {
        budget.TryCharge(Shop, 40, out _);
        budget.TryCharge(Bank, 40, out _);

        Assert.Equal(ChargeOutcome.TotalUsedUp, budget.TryCharge(Office, 21, out _));
        Assert.Equal(ChargeOutcome.Granted, budget.TryCharge(Office, 20, out _));
    }

    [Fact]
    public void TryCharge_ByAnOwnerThatHoldsNothing_MayGoBeyondItsShare()
    {
        Assert.Equal(ChargeOutcome.Granted, budget.TryCharge(Shop, 90, out _));
        Assert.Equal(ChargeOutcome.ShareUsedUp, budget.TryCharge(Shop, 1, out _));
        Assert.Equal(ChargeOutcome.TotalUsedUp, budget.TryCharge(Bank, 90, out _));
    }

    [Fact]
    public void TryCharge_OfAnEmptyBudget_IsGrantedWhateverItsSize()
    {
        Assert.Equal(ChargeOutcome.Granted, budget.TryCharge(Shop, 1000, out var charge));
        charge!.Dispose();

        Assert.Equal((0, null), (budget.Used, budget.Largest));
    }

    [Fact]
    public void Dispose_Twice_GivesBackOnce()
    {
        budget.TryCharge(Shop, 20, out _);
        budget.TryCharge(Shop, 20, out var charge);

        charge!.Dispose();
        charge.Dispose();

        Assert.Equal((20, 20), (budget.Used, budget.HeldBy(Shop)));
    }

    [Fact]
    public void TryGrow_BeyondTheShare_LeavesTheChargeAsItWas()
    {
        budget.TryCharge(Shop, 30, out var charge);

        Assert.Equal(ChargeOutcome.ShareUsedUp, charge!.TryGrow(11));
        Assert.Equal(ChargeOutcome.Granted, charge.TryGrow(10));
        Assert.Equal((40, 40), (charge.Amount, budget.Used));
    }

    [Fact]
    public void Set_ToLess_GivesTheRestBack()
    {
        budget.TryCharge(Shop, 40, out var charge);

        charge!.Set(15);

        Assert.Equal((15, 15), (budget.Used, budget.HeldBy(Shop)));
        Assert.Equal(ChargeOutcome.Granted, charge.TryGrow(25));
    }

    [Fact]
    public void Set_OfAnOpenCharge_CountsWhatAnOwnerReallyHolds()
    {
        using var charge = budget.Open(BudgetOwner.Gateway);

        charge.Set(95);

        Assert.Equal(ChargeOutcome.TotalUsedUp, budget.TryCharge(Shop, 6, out _));
    }

    [Fact]
    public void Largest_OfSeveralOwners_NamesTheOneThatHoldsMost()
    {
        budget.TryCharge(Shop, 10, out _);
        budget.TryCharge(Bank, 30, out _);
        budget.TryCharge(Shop, 15, out _);

        Assert.Equal(("bank", 30), budget.Largest);
    }

    [Fact]
    public async Task WhenGivenBack_AfterAGrowth_CompletesWithTheNextReturn()
    {
        budget.TryCharge(Shop, 10, out var charge);
        var givenBack = budget.WhenGivenBack();
        charge!.TryGrow(5);
        Assert.False(givenBack.IsCompleted);

        charge.Set(1);

        await givenBack.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.False(budget.WhenGivenBack().IsCompleted);
    }

    [Fact]
    public void TryCharge_ByManyThreads_NeverGoesBeyondAndEndsAtZero()
    {
        var most = 0L;
        Parallel.For(0, 20_000, number =>
        {
            var owner = (number % 5) switch { 0 => Shop, 1 => Bank, _ => Office };
            if (budget.TryCharge(owner, 1 + (number % 7), out var charge) == ChargeOutcome.Granted)
            {
                using (charge)
                {
                    InterlockedMax(ref most, budget.Used);
                }
            }
        });

        Assert.Equal(0, budget.Used);
        Assert.InRange(most, 1, budget.Total);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
