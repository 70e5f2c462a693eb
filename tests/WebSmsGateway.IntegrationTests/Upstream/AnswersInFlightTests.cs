using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Budgets;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Simulator;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>Long answers at once stay within the memory for answers: they wait for each other, and none is lost.</summary>
public sealed class AnswersInFlightTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    private const int Days = 8;
    private const int PerDay = 6000;

    [Fact]
    public async Task Answers_MoreThanTheMemoryHoldsAtOnce_WaitAndAreAllRead()
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages([.. Enumerable.Range(0, Days * PerDay).Select(i => new SimulatorMessage(RunningGateway.Number, "Ozon", new string('x', 60) + i)
        {
            LocalTime = new DateTime(2026, 3, 1, 10, 0, 0).AddDays(i / PerDay).AddSeconds(i % PerDay),
        })]);
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock, ("Limits:MemoryMegabytes", "64"));
        var (room, budget) = (gateway.Services.GetRequiredService<AnswerRoom>(), gateway.Services.GetRequiredService<BudgetTable>().Of(BudgetPart.Answers));
        using var end = new CancellationTokenSource();
        var most = Task.Run(() =>
        {
            var seen = 0L;
            while (!end.IsCancellationRequested)
            {
                seen = Math.Max(seen, budget.Used);
            }

            return seen;
        });

        var downloads = await Task.WhenAll(Enumerable.Range(1, Days).Select(async day =>
        {
            var date = string.Create(CultureInfo.InvariantCulture, $"2026-03-{day:00}");
            using var response = await GatewayAtNoon.GetAsync(gateway.Client, $"/messages?from={date}&to={date}", "Accept", "application/x-ndjson");
            return (response.StatusCode, Lines: (await response.Content.ReadAsStringAsync()).Count(letter => letter == '\n'));
        }));
        await end.CancelAsync();

        Assert.All(downloads, download => Assert.Equal((HttpStatusCode.OK, PerDay), download));
        Assert.InRange(await most, 1, budget.Total);
        Assert.Equal((0, 0), (room.Used, budget.Used));
    }
}
