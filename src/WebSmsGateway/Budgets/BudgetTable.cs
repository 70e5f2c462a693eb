namespace WebSmsGateway.Budgets;

/// <summary>The budgets of this process, one for each part.</summary>
internal sealed class BudgetTable(MemoryPlan plan)
{
    private readonly Budget[] budgets =
        [.. Enum.GetValues<BudgetPart>().Select(part => new Budget(part, plan.Of(part), plan.ShareOf(part)))];

    /// <summary>Every budget, in the order of <see cref="BudgetPart"/>.</summary>
    public IReadOnlyList<Budget> All => budgets;

    public Budget Of(BudgetPart part) => budgets[(int)part];
}
