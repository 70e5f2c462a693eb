using WebSmsGateway.Simulation.Worlds;
using WebSmsGateway.Webhooks;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Simulation.Receivers;

/// <summary>The webhooks of a world: their receivers, the processes that send to them, and the orders of their owner.</summary>
internal sealed class Receivers
{
    private static readonly TimeSpan ClosingStep = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestClosing = TimeSpan.FromMinutes(90);

    private readonly World world;
    private readonly Dictionary<ReplicaRun, IReadOnlyList<EndpointRun>> senders = [];
    private long tags;

    public Receivers(World world)
    {
        this.world = world;
        StepChance.Begin(world.Setting.Seed);
        All = [.. world.Setting.Receivers!.Receivers.Select((setting, index) => new Receiver(world, index, setting))];
        Oracle = new ReceiverOracle(world, this);
    }

    public IReadOnlyList<Receiver> All { get; }

    public ReceiverOracle Oracle { get; }

    /// <summary>Whether all faults are over.</summary>
    public bool IsClosing { get; private set; }

    public long NextTag() => ++tags;

    /// <summary>Runs the webhooks of a process that starts.</summary>
    public void Start(ReplicaRun run) => world.Time.Run(() =>
    {
        senders[run] = run.Process.RunWebhooks(world, run);
        return Task.CompletedTask;
    });

    public void Do(Happening happening)
    {
        switch (happening.What)
        {
            case What.Freeze:
                Freeze(world.Replicas[happening.Who % world.Replicas.Length], happening.Span);
                break;
            case What.Pause:
                world.Time.Run(() => PauseAsync(Of(happening), happening));
                break;
            case What.Replay:
                world.Time.Run(() => ReplayAsync(Of(happening), happening));
                break;
            default:
                Of(happening).Begin(happening);
                break;
        }
    }

    /// <summary>Stops a process for a while. What it does afterwards, it does as if no time had passed.</summary>
    public void Freeze(ReplicaRun run, TimeSpan span)
    {
        var until = world.Time.Elapsed + span;
        run.Clock.FrozenUntil = until > run.Clock.FrozenUntil ? until : run.Clock.FrozenUntil;
        Oracle.Freeze(run, world.Time.Elapsed, until);
        world.Websms.Faults.Disturb(until);
        world.Tell($"{run} is frozen for {span:c}");
    }

    /// <summary>The newest state of a webhook.</summary>
    public EndpointState? StateOf(Receiver receiver) => world.Store is null
        ? SenderOf(receiver, world.Replicas[0])?.Keeper.State
        : Oracle.StoredStateOf(receiver);

    /// <summary>All faults end, and owners resume. Then everything is delivered within a bounded time.</summary>
    public void Close()
    {
        IsClosing = true;
        foreach (var receiver in All)
        {
            receiver.EndFaults();
        }

        world.Time.RunUntil(world.Time.Elapsed + TimeSpan.FromMinutes(2));
        foreach (var receiver in All)
        {
            world.Time.Run(() => OrderAsync(receiver, world.Replicas.Length - 1, static (orders, _) => Resumed(orders)));
        }

        // A late report of a day that is closed comes with a recheck.
        var reported = world.Websms.All.SelectMany(sms => sms.Copies).Select(copy => copy.ReportedAt).DefaultIfEmpty().Max();
        var end = (reported > world.Time.Elapsed ? reported : world.Time.Elapsed) + LongestClosing;
        do
        {
            world.Time.RunUntil(world.Time.Elapsed + ClosingStep);
        }
        while (world.Time.Elapsed < end && !world.HasShownEnough && (reported > world.Time.Elapsed - ClosingStep || Oracle.Missing().Any()));
    }

    private static EndpointOrders Resumed(EndpointOrders orders) => orders with { IsPaused = false, Resumes = orders.Resumes + 1 };

    private Receiver Of(Happening happening) => All[happening.Who % All.Count];

    private EndpointRun? SenderOf(Receiver receiver, ReplicaRun run) => senders.TryGetValue(run, out var runs) ? runs[receiver.Index] : null;

    private async Task PauseAsync(Receiver receiver, Happening happening)
    {
        await OrderAsync(receiver, happening.Part, static (orders, _) => orders with { IsPaused = true });
        await world.Time.DelayAsync(happening.Span);
        await OrderAsync(receiver, happening.Part + 1, static (orders, _) => Resumed(orders));
    }

    /// <summary>Orders the last messages that came, and those that are parked.</summary>
    private async Task ReplayAsync(Receiver receiver, Happening happening)
    {
        var parked = StateOf(receiver)?.Parked.Select(message => message.Id) ?? [];
        var last = receiver.Arrivals.Where(arrival => arrival.IsTaken).Select(arrival => arrival.Id).Distinct().TakeLast(happening.Count);
        List<string> ids = [.. parked.Concat(last).Distinct().Take(100)];
        if (ids.Count > 0)
        {
            Oracle.MayRepeat(receiver, ids);
            await OrderAsync(receiver, happening.Part, (orders, state) => orders.With(ids, state?.Replayed ?? new ReplayPlace(0, 0)));
        }
    }

    /// <summary>Orders as a caller does who tries again at another replica until an order is saved.</summary>
    private async Task OrderAsync(Receiver receiver, int replica, Func<EndpointOrders, EndpointState?, EndpointOrders> change)
    {
        for (var tries = 0; tries < 60; tries++)
        {
            var run = world.Replicas[(replica + tries) % world.Replicas.Length];
            if (run.IsAlive && run.Clock.FrozenUntil <= world.Time.Elapsed && SenderOf(receiver, run) is { } sender)
            {
                try
                {
                    if (await sender.Keeper.OrderAsync(change, run.Killed).WaitAsync(run.Killed))
                    {
                        return;
                    }
                }
                catch (OperationCanceledException)
                {
                    // The process was killed.
                }
            }

            await world.Time.DelayAsync(TimeSpan.FromSeconds(1));
        }
    }
}
