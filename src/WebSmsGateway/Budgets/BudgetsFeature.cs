using WebSmsGateway.Configuration;

namespace WebSmsGateway.Budgets;

/// <summary>What all callers together may hold, and each of them.</summary>
internal static class BudgetsFeature
{
    public static void AddBudgets(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IProcessDefaults<LimitsOptions>, LimitsDefaults>();
        builder.AddCheckedOptions<LimitsOptions>(LimitsOptions.Section);

        // Other sections are checked against the plan, and all faults are reported together. So a fault in this section must not hide theirs.
        builder.Services.AddSingleton(services => MemoryPlan.Of(
            services.GetRequiredService<InForce<LimitsOptions>>().AtStartIfValid ?? new LimitsOptions(), MemoryPlan.AvailableToProcess()));
        builder.Services.AddSingleton(services => new ConnectionBounds(OpenFiles.Limit(), services.GetRequiredService<MemoryPlan>()));
        builder.Services.AddSingleton<BudgetTable>();
        builder.Services.AddHostedService<BudgetGauges>();
    }
}
