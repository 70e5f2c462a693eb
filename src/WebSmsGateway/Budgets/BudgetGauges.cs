using System.Diagnostics.Metrics;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Budgets;

/// <summary>The budgets as metrics: what is held of each part, its limit, and what its largest owner holds.</summary>
internal sealed class BudgetGauges(IMeterFactory meters, BudgetTable budgets) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        meter.CreateObservableGauge(
            "websms.budget.used", () => budgets.All.Select(budget => Of(budget, budget.Used)), "By", "What is held of each part.");
        meter.CreateObservableGauge(
            "websms.budget.limit", () => budgets.All.Select(budget => Of(budget, budget.Total)), "By",
            "What all owners together may hold of each part.");
        meter.CreateObservableGauge(
            "websms.budget.largest", () => budgets.All.Where(budget => budget.Largest is not null).Select(OfLargest), "By",
            "What the owner holds that holds most of a part, by its name.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<long> Of(Budget budget, long amount) => new(amount, PartOf(budget));

    private static Measurement<long> OfLargest(Budget budget)
    {
        var (name, amount) = budget.Largest ?? ("nobody", 0);
        return new(amount, PartOf(budget), new KeyValuePair<string, object?>("websms.caller", name));
    }

    private static KeyValuePair<string, object?> PartOf(Budget budget) => new("websms.part", budget.Part.Name());
}
