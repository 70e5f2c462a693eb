using WebSmsGateway.Configuration;

namespace WebSmsGateway.Upstream;

/// <summary>
/// The callers who wait for the answer to a question. Their turns decide when it is asked. More of them may join while it waits. A question
/// for which nobody waits has the lowest priority.
/// </summary>
internal sealed class Askers
{
    /// <summary>The gateway, where it asks for itself and waits.</summary>
    public const string Gateway = "";

    /// <summary>How many callers count. A question that so many wait for has its turn soon.</summary>
    public const int Most = 8;

    private readonly Lock gate = new();

    [Bounded("8 callers")]
    private readonly List<string> names = [];
    private Action<string>? joined;

    /// <summary>Nobody.</summary>
    public Askers()
    {
    }

    public Askers(params ReadOnlySpan<string> names) => this.names.AddRange(names);

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (gate)
            {
                return [.. names];
            }
        }
    }

    /// <summary>Adds a caller.</summary>
    public void Join(string name)
    {
        lock (gate)
        {
            if (names.Count < Most && !names.Contains(name))
            {
                names.Add(name);
                joined?.Invoke(name);
            }
        }
    }

    /// <summary>Reports those who join from now on, until it is called with null.</summary>
    /// <returns>Those who have joined before.</returns>
    public IReadOnlyList<string> Watch(Action<string>? whenJoined)
    {
        lock (gate)
        {
            joined = whenJoined;
            return [.. names];
        }
    }
}
