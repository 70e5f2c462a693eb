using WebSmsGateway.Configuration;

namespace WebSmsGateway.Turns;

/// <summary>
/// Work that waits for its turn, in fair order: deficit round robin over its owners. Each owner has a flow. A round gives each flow the same
/// credit, and a flow spends it on its oldest work. So an owner with a thousand questions delays one with a single question by one turn.
/// </summary>
/// <remarks>
/// Work may have several owners. It stands in the flow of each of them, and is taken by the first that has its turn. That flow alone pays. It
/// is not safe for several threads.
/// </remarks>
internal sealed class FairFlows<T>
    where T : FlowWork
{
    private const int CreditOfRound = 1;

    [Bounded("the owners with work that waits; whoever adds work bounds it")]
    private readonly Dictionary<string, Flow> flows = new(StringComparer.Ordinal);

    [Bounded("the flows")]
    private readonly LinkedList<Flow> round = new();

    /// <summary>How much work waits.</summary>
    public int Count { get; private set; }

    /// <summary>How many owners have work that waits.</summary>
    public int Owners => flows.Count;

    /// <summary>How much work of an owner waits.</summary>
    public int CountOf(string owner) => flows.TryGetValue(owner, out var flow) ? flow.Waiting.Count : 0;

    /// <summary>Adds work at the end of the flow of an owner. Work that waits in another flow stands in both.</summary>
    public void Add(T work, string owner)
    {
        if (!flows.TryGetValue(owner, out var flow))
        {
            flows.Add(owner, flow = new Flow(owner) { Credit = CreditOfRound });
            round.AddLast(flow.Node);
        }

        if (work.Places.Count == 0)
        {
            Count++;
        }

        work.Places.Add((flow, flow.Waiting.AddLast(work)));
    }

    /// <summary>Takes the next work.</summary>
    /// <param name="may">Whether work may go now. Other work keeps its place, and its owner its credit.</param>
    /// <returns>The work; null if none may go.</returns>
    public T? Take(Func<T, bool> may)
    {
        for (var barren = 0; barren < round.Count;)
        {
            var flow = round.First!.Value;
            if (flow.First(may) is not { } work)
            {
                barren++;
                Rotate(flow);
                continue;
            }

            if (flow.Credit < work.Cost)
            {
                barren = 0;
                flow.Credit += CreditOfRound;
                Rotate(flow);
                continue;
            }

            flow.Credit -= work.Cost;
            Remove(work);
            return work;
        }

        return null;
    }

    /// <summary>Removes work from all flows.</summary>
    public void Remove(T work)
    {
        if (work.Places.Count == 0)
        {
            return;
        }

        foreach (var (place, node) in work.Places)
        {
            var flow = (Flow)place;
            flow.Waiting.Remove(node);
            if (flow.Waiting.Count == 0)
            {
                flows.Remove(flow.Owner);
                round.Remove(flow.Node);
            }
        }

        work.Places.Clear();
        Count--;
    }

    private void Rotate(Flow flow)
    {
        round.Remove(flow.Node);
        round.AddLast(flow.Node);
    }

    private sealed class Flow
    {
        public Flow(string owner)
        {
            Owner = owner;
            Node = new LinkedListNode<Flow>(this);
        }

        public string Owner { get; }

        public LinkedListNode<Flow> Node { get; }

        [Bounded("whoever adds work")]
        public LinkedList<FlowWork> Waiting { get; } = new();

        public int Credit { get; set; }

        public T? First(Func<T, bool> may)
        {
            foreach (var work in Waiting)
            {
                if (may((T)work))
                {
                    return (T)work;
                }
            }

            return null;
        }
    }
}

/// <summary>Work that waits in <see cref="FairFlows{T}"/>.</summary>
/// <param name="cost">What it costs its owner, in credits of a round; at least 1.</param>
internal abstract class FlowWork(int cost)
{
    public int Cost => cost;

    [Bounded("the owners of the work")]
    internal List<(object Flow, LinkedListNode<FlowWork> Node)> Places { get; } = [];
}
