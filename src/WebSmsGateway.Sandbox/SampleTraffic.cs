using WebSmsGateway.Simulator;

namespace WebSmsGateway.Sandbox;

/// <summary>Fills the demo account with the messages of a month, then adds one every few seconds.</summary>
internal sealed class SampleTraffic(SimulatorState simulator) : BackgroundService
{
    private const int Days = 30;

    // Every 20 seconds, so that a wait of a minute finds one.
    private const int AwaitedEvery = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var now = simulator.Clock.Now;
        simulator.Demo.AddMessages(SampleMessages.OfTheDocument());
        for (var day = DateOnly.FromDateTime(now).AddDays(-Days); day <= DateOnly.FromDateTime(now); day = day.AddDays(1))
        {
            simulator.Demo.AddMessages(SampleMessages.OfDay(day).Where(message => message.LocalTime <= now));
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var random = new Random(1);
        using var timer = new PeriodicTimer(Interval, simulator.Clock.Time);
        for (var count = 1; await timer.WaitForNextTickAsync(stoppingToken); count++)
        {
            simulator.Demo.AddMessages(count % AwaitedEvery == 0 ? SampleMessages.Awaited(random) : SampleMessages.Next(random));
        }
    }
}
