using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator;

/// <summary>One account: its messages, how it behaves, and the calls that it got. Safe for concurrent use.</summary>
public sealed class SimulatedAccount
{
    private readonly Lock _gate = new();
    private readonly MessageIndex _messages = new();
    private readonly RequestLog _requests;
    private readonly WallClock _clock;
    private readonly int _maxMessages;
    private FaultPlan _plan = new(new SimulatorBehaviour());
    private long _sequence;
    private int _inFlight;
    private int _mostInFlight;

    internal SimulatedAccount(string name, SimulatorSettings settings, WallClock clock)
    {
        Name = name;
        _clock = clock;
        _maxMessages = settings.MaxMessages;
        _requests = new RequestLog(settings.MaxRequests);
    }

    public string Name { get; }

    public string Password { get; internal set; } = "";

    /// <summary>How the account answers. Setting it starts the faults' counts anew and lets calls go that <c>hang</c> holds.</summary>
    public SimulatorBehaviour Behaviour
    {
        get => Volatile.Read(ref _plan).Behaviour;
        set
        {
            var faults = BehaviourCheck.Find(value);
            if (faults.Count > 0)
            {
                throw new ArgumentException(string.Join(' ', faults), nameof(value));
            }

            Interlocked.Exchange(ref _plan, new FaultPlan(value)).Retire();
        }
    }

    /// <summary>How many messages the account keeps.</summary>
    public int MessageCount
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>Calls that are not answered yet.</summary>
    public int CallsInFlight => Volatile.Read(ref _inFlight);

    /// <summary>The most calls that were ever unanswered at once.</summary>
    public int MostCallsInFlight => Volatile.Read(ref _mostInFlight);

    internal FaultPlan Plan => Volatile.Read(ref _plan);

    internal RequestLog Log => _requests;

    /// <summary>The calls that named this account, oldest first.</summary>
    public IReadOnlyList<SimulatorRequest> Requests() => _requests.List();

    public void ClearRequests() => _requests.Clear();

    /// <summary>Lets the rented numbers receive messages. Past the bound of the account its oldest are forgotten.</summary>
    public void AddMessages(params IEnumerable<SimulatorMessage> messages)
    {
        foreach (var message in messages)
        {
            var time = message.LocalTime is { } local ? WallClock.ToSecond(local)
                : message.ReceivedAt is { } moment ? _clock.ToLocal(moment)
                : _clock.Now;
            lock (_gate)
            {
                _messages.Add(new StoredMessage(time, _sequence++, BareNumber(message.RentedNumber), BareNumber(message.Sender), message.Text));
                if (_messages.Count > _maxMessages)
                {
                    _messages.RemoveOldest();
                }
            }
        }
    }

    public void ClearMessages()
    {
        lock (_gate)
        {
            _messages.Clear();
        }
    }

    /// <summary>The messages of a window, both ends inclusive, oldest first.</summary>
    internal List<StoredMessage> Find(string? rentedNumber, DateTime start, DateTime end)
    {
        lock (_gate)
        {
            return _messages.Find(rentedNumber, start, end);
        }
    }

    internal void Enter()
    {
        var now = Interlocked.Increment(ref _inFlight);
        for (var most = _mostInFlight; now > most; most = _mostInFlight)
        {
            Interlocked.CompareExchange(ref _mostInFlight, now, most);
        }
    }

    internal void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>A number without the <c>+</c>; a name as it is.</summary>
    internal static string BareNumber(string number) =>
        number.Length > 1 && number[0] == '+' && number.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0 ? number[1..] : number;
}
