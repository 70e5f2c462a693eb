using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Receivers;

/// <summary>The receiver of one webhook: what is wrong with it and when, and what it was sent.</summary>
internal sealed class Receiver(World world, int index, ReceiverSetting setting)
{
    public const int Taken = 204;

    private static readonly int[] Failures = [500, 503, 404, 429];

    private readonly Random random = new((world.Setting.Seed * 31) + index);
    private readonly List<Happening> windows = [];
    private readonly Queue<Happening> afterAnswers = new();
    private bool isGone;

    public ReceiverSetting Setting => setting;

    public int Index => index;

    public string Name => $"hook{index}";

    /// <summary>All requests, in the order in which they came.</summary>
    public List<Arrival> Arrivals { get; } = [];

    /// <summary>Whether no connection is accepted.</summary>
    public bool IsAway => Find(What.LoseReceiver) is not null;

    public void Begin(Happening happening)
    {
        switch (happening.What)
        {
            case What.KillAfterAnswer or What.FreezeAfterAnswer:
                afterAnswers.Enqueue(happening);
                break;
            case What.EndReceiver:
                isGone = true;
                break;
            default:
                windows.Add(happening);
                break;
        }
    }

    public void EndFaults()
    {
        windows.Clear();
        afterAnswers.Clear();
        isGone = false;
    }

    public bool Matches(Sms sms) =>
        (setting.Number < 0 || sms.Number == setting.Number)
        && (setting.Contains is null || sms.Record.Message.Contains(setting.Contains, StringComparison.Ordinal));

    /// <summary>Takes a request, and gives the status of the answer.</summary>
    public async Task<int> ReceiveAsync(ReplicaRun run, string id, string body)
    {
        var arrival = world.Receivers!.Oracle.Arrive(this, run, id, body);
        if (Find(What.HangReceiver) is { } hang)
        {
            await world.Time.DelayAsync(hang.Late);
        }

        var status = StatusFor(arrival);
        (arrival.Status, arrival.AnsweredAt) = (status, world.Time.Elapsed);
        world.Tell($"{Name} answers {status} to {run}: [{arrival.Sms?.Record.Message}]");
        if (status == Taken && afterAnswers.TryDequeue(out var cause))
        {
            world.Time.Run(() => InterruptAsync(run, cause));
        }

        return status;
    }

    /// <summary>The sender is killed or frozen on its way from the answer to the save.</summary>
    private async Task InterruptAsync(ReplicaRun run, Happening cause)
    {
        await world.Time.DelayAsync(cause.Late);
        if (cause.What == What.KillAfterAnswer)
        {
            world.Kill(run, cause.Span);
        }
        else
        {
            world.Receivers!.Freeze(run, cause.Span);
        }
    }

    private int StatusFor(Arrival arrival)
    {
        if (isGone)
        {
            isGone = false;
            return 410;
        }

        if (Find(What.FailReceiver) is { } failure && random.Next(2) == 0)
        {
            return Failures[failure.Part % Failures.Length];
        }

        var isPoison = setting.Poison > 0 && arrival.Sms?.Index % setting.Poison == 0 && !world.Receivers!.IsClosing;
        return isPoison ? 422 : Taken;
    }

    private Happening? Find(What what)
    {
        foreach (var window in windows)
        {
            if (window.What == what && window.At <= world.Time.Elapsed && world.Time.Elapsed < window.At + window.Span)
            {
                return window;
            }
        }

        return null;
    }
}

/// <summary>A request that a receiver got.</summary>
internal sealed class Arrival(TimeSpan at, ReplicaRun run, string id, string body, Sms? sms, PageCursor? place, string era)
{
    public TimeSpan At => at;

    public ReplicaRun Run => run;

    public string Id => id;

    public string Body => body;

    public Sms? Sms => sms;

    /// <summary>The place of the cursor in the body.</summary>
    public PageCursor? Place => place;

    /// <summary>What was lost until then: a state, or an epoch.</summary>
    public string Era => era;

    /// <summary>The status of the answer; null while there is none.</summary>
    public int? Status { get; set; }

    public TimeSpan AnsweredAt { get; set; }

    public bool IsTaken => Status == Receiver.Taken;
}
