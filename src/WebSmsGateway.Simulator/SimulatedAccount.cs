using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator;

/// <summary>An account: its messages, its behaviour and its calls. Safe for concurrent use.</summary>
public sealed class SimulatedAccount
{
    private readonly Lock gate = new();
    private readonly MessageIndex messages = new();
    private readonly RequestLog requests;
    private readonly WallClock clock;
    private readonly int maxMessages;
    private FaultPlan plan = new(new SimulatorBehaviour());
    private long sequence;
    private bool isAnyReportedLater;
    private int inFlight;
    private int mostInFlight;

    internal SimulatedAccount(string name, SimulatorSettings settings, WallClock clock)
    {
        Name = name;
        this.clock = clock;
        maxMessages = settings.MaxMessages;
        requests = new RequestLog(settings.MaxRequests);
    }

    public string Name { get; }

    public string Password { get; internal set; } = "";

    /// <summary>How the account answers. Setting it resets the counts of faults and releases the calls that <c>hang</c> holds.</summary>
    public SimulatorBehaviour Behaviour
    {
        get => Volatile.Read(ref plan).Behaviour;
        set
        {
            var faults = BehaviourCheck.Find(value);
            if (faults.Count > 0)
            {
                throw new ArgumentException(string.Join(' ', faults), nameof(value));
            }

            Interlocked.Exchange(ref plan, new FaultPlan(value)).Retire();
        }
    }

    /// <summary>How many messages the account keeps.</summary>
    public int MessageCount
    {
        get
        {
            lock (gate)
            {
                return messages.Count;
            }
        }
    }

    /// <summary>How many calls have no answer yet.</summary>
    public int CallsInFlight => Volatile.Read(ref inFlight);

    /// <summary>The largest number of calls that had no answer at the same time.</summary>
    public int MostCallsInFlight => Volatile.Read(ref mostInFlight);

    internal FaultPlan Plan => Volatile.Read(ref plan);

    internal RequestLog Log => requests;

    /// <summary>The calls that named this account, oldest first.</summary>
    public IReadOnlyList<SimulatorRequest> Requests() => requests.List();

    public void ClearRequests() => requests.Clear();

    /// <summary>Adds messages to the rented numbers. Beyond the bound of the account the oldest are dropped.</summary>
    public void AddMessages(params IEnumerable<SimulatorMessage> messages)
    {
        foreach (var message in messages)
        {
            var time = message.LocalTime is { } local ? WallClock.ToSecond(local)
                : message.ReceivedAt is { } moment ? clock.ToLocal(moment)
                : clock.Now;
            lock (gate)
            {
                this.messages.Add(
                    new StoredMessage(time, sequence++, BareNumber(message.RentedNumber), BareNumber(message.Sender), message.Text)
                    {
                        ReportedAt = message.ReportedAt,
                    });
                isAnyReportedLater |= message.ReportedAt is not null;
                if (this.messages.Count > maxMessages)
                {
                    this.messages.RemoveOldest();
                }
            }
        }
    }

    public void ClearMessages()
    {
        lock (gate)
        {
            messages.Clear();
        }
    }

    /// <summary>The listed messages of a window, both ends inclusive, oldest first.</summary>
    internal List<StoredMessage> Find(string? rentedNumber, DateTime start, DateTime end)
    {
        lock (gate)
        {
            var found = messages.Find(rentedNumber, start, end);
            if (isAnyReportedLater)
            {
                var now = clock.Time.GetUtcNow();
                found.RemoveAll(message => message.ReportedAt > now);
            }

            return found;
        }
    }

    internal void Enter()
    {
        var now = Interlocked.Increment(ref inFlight);
        for (var most = mostInFlight; now > most; most = mostInFlight)
        {
            Interlocked.CompareExchange(ref mostInFlight, now, most);
        }
    }

    internal void Leave() => Interlocked.Decrement(ref inFlight);

    /// <summary>A number without the <c>+</c>; a name as it is.</summary>
    internal static string BareNumber(string number) =>
        number.Length > 1 && number[0] == '+' && number.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0 ? number[1..] : number;
}
