using System.Text.Json;
using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Worlds;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Simulation.Receivers;

/// <summary>Knows what each receiver is owed, and holds all requests and all states that are stored against what webhooks promise.</summary>
internal sealed class ReceiverOracle(World world, Receivers receivers)
{
    private readonly Dictionary<Receiver, (EndpointState State, string Era, TimeSpan At)> stored = [];
    private readonly Dictionary<(Receiver, string Id), string> texts = [];
    private readonly Dictionary<Receiver, Arrival> lastFirst = [];
    private readonly HashSet<(Receiver, string Id)> mayRepeat = [];
    private readonly ReceiverExcuses excuses = new(world);

    /// <summary>Names what may have been lost until now: another era has another state, or another order.</summary>
    private string EraOf(ReplicaRun run) => world.Store is { } store ? $"{store.Losses}" : run.ToString();

    public void Freeze(ReplicaRun run, TimeSpan from, TimeSpan until) => excuses.Freeze(run, from, until);

    /// <summary>Records messages that their owner asks for again.</summary>
    public void MayRepeat(Receiver receiver, IEnumerable<string> ids) => mayRepeat.UnionWith(ids.Select(id => (receiver, id)));

    public EndpointState? StoredStateOf(Receiver receiver) => stored.TryGetValue(receiver, out var last) ? last.State : null;

    /// <summary>Records an attempt, whether it reaches the receiver or not.</summary>
    public void Send(Receiver receiver, ReplicaRun run, string id, string body)
    {
        using var json = JsonDocument.Parse(body);
        var text = json.RootElement.GetProperty("data").GetProperty("text").GetString()!;
        world.Tell($"{run} sends [{text}] to {receiver.Name}");
        if (!texts.TryAdd((receiver, id), text) && texts[(receiver, id)] != text)
        {
            world.Report(Promise.WebhookId, $"{receiver.Name} was sent {id} for [{texts[(receiver, id)]}] and for [{text}].");
        }
    }

    /// <summary>Records a request and judges it.</summary>
    public Arrival Arrive(Receiver receiver, ReplicaRun run, string id, string body)
    {
        using var json = JsonDocument.Parse(body);
        var text = json.RootElement.GetProperty("data").GetProperty("text").GetString()!;
        var place = run.Process.PlaceOf(json.RootElement.GetProperty("cursor").GetString()!);
        var index = Sms.IndexOf(text);
        var sms = index >= 0 && index < world.Websms.All.Count ? world.Websms.All[index] : null;
        var arrival = new Arrival(world.Time.Elapsed, run, id, body, sms, place, EraOf(run));
        if (sms is null || sms.Record.Message != text || !receiver.Matches(sms) || sms.CopiesReportedBy(world.Time.Elapsed) == 0)
        {
            world.Report(Promise.NothingInvented, $"{receiver.Name} got [{text}], which is none of its messages.");
        }

        if (json.RootElement.GetProperty("data").GetProperty("id").GetString() != id || place is null)
        {
            world.Report(Promise.WebhookId, $"{receiver.Name} got {id} with another id, or with a cursor of nothing.");
        }

        var before = receiver.Arrivals.FindLast(other => other.Id == id);
        if (before is null && !mayRepeat.Contains((receiver, id)))
        {
            CheckOrder(receiver, arrival);
        }
        else if (before is not null)
        {
            CheckRepetition(receiver, before, arrival);
        }

        CheckTurn(receiver, arrival);
        receiver.Arrivals.Add(arrival);
        return arrival;
    }

    /// <summary>Judges a state that a sender stores.</summary>
    public void Write(string endpoint, byte[] payload, ReplicaRun run)
    {
        var receiver = receivers.All.First(other => other.Name == endpoint);
        var next = JsonSerializer.Deserialize(payload, StateJson.Default.EndpointState)!;
        var era = EraOf(run);
        if (stored.TryGetValue(receiver, out var last) && last.Era == era && !world.Store!.IsDisturbed)
        {
            var (before, isSame) = (last.State, last.State.Sender == next.Sender);
            if (next.Fence < before.Fence || (next.Fence == before.Fence && !isSame))
            {
                world.Report(Promise.WebhookFenced, $"{run} stored the state of {endpoint} with fencing number {next.Fence} over that with {before.Fence}.");
            }

            if (run.Process.PlaceOf(before.Cursor) is { State: WalkState.Changes } from && run.Process.PlaceOf(next.Cursor) is { } to
                && to.Epoch == from.Epoch && (to.State != WalkState.Changes || to.Learned < from.Learned))
            {
                world.Report(Promise.WebhookFenced, $"{run} moved the place of {endpoint} back.");
            }

            foreach (var parked in before.Parked.Where(parked => next.Parked.All(other => other.Id != parked.Id)))
            {
                if (!receiver.Arrivals.Exists(arrival => arrival.Id == parked.Id && arrival.IsTaken))
                {
                    world.Report(Promise.WebhookParked, $"{run} forgot that {endpoint} has parked [{texts[(receiver, parked.Id)]}].");
                }
            }
        }

        stored[receiver] = (next, era, world.Time.Elapsed);
    }

    /// <summary>What is owed and has neither been taken nor is parked.</summary>
    public IEnumerable<(Receiver Receiver, Sms Sms)> Missing()
    {
        foreach (var receiver in receivers.All)
        {
            var given = receiver.Arrivals.Where(arrival => arrival.IsTaken).Select(arrival => arrival.Id)
                .Concat(receivers.StateOf(receiver)?.Parked.Select(parked => parked.Id) ?? [])
                .Distinct().Where(id => texts.ContainsKey((receiver, id))).CountBy(id => texts[(receiver, id)]).ToDictionary();
            foreach (var sms in world.Websms.All.Where(receiver.Matches))
            {
                if (given.GetValueOrDefault(sms.Record.Message) < sms.Copies.Count(copy => !excuses.IsLateInAnotherEpoch(copy)))
                {
                    yield return (receiver, sms);
                }
            }
        }
    }

    /// <summary>Judges what there is at the end.</summary>
    public void Check()
    {
        foreach (var (receiver, sms) in Missing())
        {
            world.Report(Promise.WebhookDelivered, $"{receiver.Name} never took {sms}, and it is not parked.");
        }
    }

    /// <summary>Messages come for the first time in the order of the feed: by time in a snapshot, then by discovery.</summary>
    private void CheckOrder(Receiver receiver, Arrival arrival)
    {
        if (lastFirst.TryGetValue(receiver, out var last) && last.Era == arrival.Era && last.Place?.Epoch == arrival.Place?.Epoch
            && !IsBehind(arrival.Place!, last.Place!) && !excuses.IsFrozenAround(arrival) && !excuses.IsFrozenAround(last))
        {
            world.Report(Promise.WebhookOrder, $"{receiver.Name} got {arrival.Sms} after {last.Sms}.");
        }

        lastFirst[receiver] = arrival;
    }

    private static bool IsBehind(PageCursor place, PageCursor before) => (place.State, before.State) switch
    {
        (WalkState.Changes, WalkState.Changes) => place.Learned > before.Learned,
        (WalkState.Snapshot, WalkState.Snapshot) => place.Place > before.Place,


        // A walk whose place was not saved yet is read again from its start, as a snapshot.
        _ => true,
    };

    private void CheckRepetition(Receiver receiver, Arrival before, Arrival arrival)
    {
        var isAsked = mayRepeat.Contains((receiver, arrival.Id));
        var taken = receiver.Arrivals.FindLast(other => other.Id == arrival.Id && other.IsTaken);
        if (taken is not null && !isAsked && !excuses.MayComeAgain(taken, arrival))
        {
            world.Report(Promise.WebhookOnce, $"{receiver.Name} got {arrival.Sms} again, which {taken.Run} had delivered at {taken.AnsweredAt:c}.");
        }

        // What was asked for again is the same as long as the order of discovery is.
        if (before.Era == arrival.Era && (!isAsked || before.Place?.Epoch == arrival.Place?.Epoch) && arrival.Body != before.Body
            && !excuses.MayDiffer(before, arrival))
        {
            world.Report(Promise.WebhookId, $"{receiver.Name} got {arrival.Sms} with other bytes than before.");
        }
    }

    /// <summary>A message comes before the next one is tried, unless it was taken or parked.</summary>
    private void CheckTurn(Receiver receiver, Arrival arrival)
    {
        if (receiver.Arrivals is not [.., var last] || last.Id == arrival.Id || last.Era != arrival.Era || excuses.IsFrozenAround(arrival)
            || excuses.IsFrozenAround(last) || excuses.IsDisturbed(last.At))
        {
            return;
        }

        if (!receiver.Arrivals.Exists(other => other.Id == last.Id && other.IsTaken)
            && receivers.StateOf(receiver)?.Parked.Any(parked => parked.Id == last.Id) != true && !mayRepeat.Contains((receiver, last.Id)))
        {
            world.Report(Promise.WebhookOrder, $"{receiver.Name} got {arrival.Sms} before {last.Sms} was taken or parked.");
        }
    }
}
