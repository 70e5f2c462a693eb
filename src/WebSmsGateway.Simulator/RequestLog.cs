namespace WebSmsGateway.Simulator;

/// <summary>A call to the simulator.</summary>
/// <param name="Time">The time of its arrival.</param>
/// <param name="Account">Its login.</param>
/// <param name="Method">GET or POST.</param>
/// <param name="Parameters">Its raw parameters, with <c>***</c> as the password.</param>
/// <param name="Status">The HTTP status; null for a call without an answer.</param>
/// <param name="Outcome">
/// The result: <c>waiting</c>, <c>records</c>, <c>error 4</c>, the fault, or <c>abandoned</c>.
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

    /// <summary>Records a call when it arrives, so that a held call is visible.</summary>
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

    /// <summary>A call in progress. It is updated before bytes are sent, so that a caller with an answer finds it in the log.</summary>
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
