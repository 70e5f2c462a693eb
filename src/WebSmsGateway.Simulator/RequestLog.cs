namespace WebSmsGateway.Simulator;

/// <summary>A call that the simulator got.</summary>
/// <param name="Time">When it arrived.</param>
/// <param name="Account">The login that it named.</param>
/// <param name="Method">GET or POST.</param>
/// <param name="Parameters">Its parameters as they came, the password as <c>***</c>.</param>
/// <param name="Status">HTTP status; null while it is not answered, or where it never was.</param>
/// <param name="Outcome">
/// What became of it: <c>waiting</c>, <c>records</c>, <c>error 4</c>, the fault that was played, <c>abandoned</c>.
/// </param>
/// <param name="Records">Records in the answer.</param>
/// <param name="Bytes">Bytes of the answer's body that were sent.</param>
public sealed record SimulatorRequest(
    DateTimeOffset Time, string? Account, string Method, IReadOnlyDictionary<string, string> Parameters,
    int? Status, string Outcome, int Records, long Bytes);

/// <summary>The last calls of an account.</summary>
internal sealed class RequestLog(int capacity)
{
    private readonly Lock gate = new();
    private readonly Queue<Entry> entries = [];

    public IReadOnlyList<SimulatorRequest> List()
    {
        lock (gate)
        {
            return [.. entries.Select(entry => entry.Request)];
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            entries.Clear();
        }
    }

    /// <summary>Notes a call when it arrives, so that one that is held can be seen waiting.</summary>
    public Entry Begin(SimulatorRequest request)
    {
        var entry = new Entry(request);
        lock (gate)
        {
            while (entries.Count >= capacity)
            {
                entries.Dequeue();
            }

            entries.Enqueue(entry);
        }

        return entry;
    }

    /// <summary>A call in progress. It is brought up to date before the bytes leave: who has read an answer finds it in the log.</summary>
    public sealed class Entry(SimulatorRequest request)
    {
        private volatile SimulatorRequest request = request;

        public SimulatorRequest Request => request;

        public void Answering(int? status, string outcome, int records) =>
            request = request with { Status = status, Outcome = outcome, Records = records };

        public void Sending(int bytes) => request = request with { Bytes = request.Bytes + bytes };

        public void Abandoned() => request = request with { Outcome = $"abandoned ({request.Outcome})" };
    }
}
