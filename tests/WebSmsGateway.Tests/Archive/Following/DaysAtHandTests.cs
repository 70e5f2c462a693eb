using System.Runtime.CompilerServices;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Budgets;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

[Collection(MeasuredAlone.Name)]
public sealed class DaysAtHandTests
{
    private static readonly BudgetOwner Shop = new("key:shop", "shop");

    [Fact]
    public void Release_OfDaysAtHand_GivesBackTheirBytesAndTheirMemory()
    {
        var (budget, charge) = Charged(total: 1_000_000);
        var held = new DaysAtHand(charge);
        Keep(held, 10);
        Assert.True(budget.Used > 1000);
        Assert.True(IsThere(held));

        held.Release();
        GC.Collect();

        Assert.Equal(1, budget.Used);
        Assert.False(IsThere(held));
    }

    [Fact]
    public void Keep_BeyondHalfOfTheShare_RemembersWithoutHolding()
    {
        var (budget, charge) = Charged(total: 4000);
        var held = new DaysAtHand(charge);

        Keep(held, 10);

        Assert.Equal(1, budget.Used);
        GC.Collect();
        Assert.False(IsThere(held));
    }

    [Fact]
    public void Leave_OfADay_GivesItBackOnce()
    {
        var (budget, charge) = Charged(total: 1_000_000);
        var held = new DaysAtHand(charge);
        Keep(held, 10);

        held.Leave(Day);
        held.Leave(Day);

        Assert.Equal(1, budget.Used);
    }

    // In methods of their own, so that no variable keeps the record.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(DaysAtHand held, int count) => held.Keep([Record(count)]);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsThere(DaysAtHand held) => held.Find(Day) is not null;

    private static (Budget Budget, Charge Charge) Charged(long total)
    {
        var budget = new Budget(BudgetPart.Unsent, total, total);
        budget.TryCharge(Shop, 1, out var charge);
        return (budget, charge!);
    }
}
