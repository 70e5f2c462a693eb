using WebSmsGateway.Budgets;

namespace WebSmsGateway.Tests.Budgets;

public sealed class MemoryPlanTests
{
    // The heap that the runtime lets a container of 512 MiB have.
    private const long ShippedHeap = 384 * MemoryPlan.Mebibyte;

    [Fact]
    public void Of_ContainerOfTheManifest_TakesThreeQuartersOfItsHeap() =>
        Assert.Equal(288 * MemoryPlan.Mebibyte, MemoryPlan.Of(new LimitsOptions(), ShippedHeap).Total);

    [Theory]
    [InlineData(64)]
    [InlineData(288)]
    [InlineData(14_001)]
    public void Parts_OfATotal_AreItTogether(int megabytes)
    {
        var plan = MemoryPlan.Of(new LimitsOptions { MemoryMegabytes = megabytes }, long.MaxValue);

        Assert.Equal(megabytes * MemoryPlan.Mebibyte, Enum.GetValues<BudgetPart>().Sum(plan.Of));
        Assert.All(Enum.GetValues<BudgetPart>(), part => Assert.InRange(plan.ShareOf(part), 1, plan.Of(part)));
    }

    [Theory]
    [InlineData(63, false)]
    [InlineData(64, true)]
    [InlineData(384, true)]
    [InlineData(385, false)]
    public void Validate_MemoryMegabytes_IsComparedWithWhatTheProcessMayHave(int megabytes, bool isAccepted)
    {
        var faults = new LimitsOptionsValidator(ShippedHeap).Validate(new LimitsOptions { MemoryMegabytes = megabytes }).Errors;

        Assert.Equal(isAccepted, faults.Count == 0);
        Assert.All(faults, fault => Assert.StartsWith("accepted are 64 to 384 MiB, for example 288", fault.ErrorMessage, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_DefaultOfAVerySmallProcess_IsAccepted()
    {
        var available = 60 * MemoryPlan.Mebibyte;
        var standard = new LimitsOptions { MemoryMegabytes = (int)(MemoryPlan.DefaultTotal(available) / MemoryPlan.Mebibyte) };

        Assert.Empty(new LimitsOptionsValidator(available).Validate(standard).Errors);
    }
}
