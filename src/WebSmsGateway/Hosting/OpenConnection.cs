using WebSmsGateway.Authentication;
using WebSmsGateway.Budgets;

namespace WebSmsGateway.Hosting;

/// <summary>One open connection, and whether it serves a caller. It is a feature of its connection, so each request on it finds it.</summary>
internal sealed class OpenConnection(OpenConnections all, TimeProvider time, AddressKey address, bool isTrusted, Action abort)
{
    /// <summary>The time after which a connection ends on which no caller has been known and no request is in progress.</summary>
    public static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(15);

    private long lastRequest = time.GetTimestamp();
    private int requests;
    private int requestsOfCallers;
    private volatile bool isProven;

    public AddressKey Address => address;

    /// <summary>Whether it comes from a known proxy. All callers of a proxy share its address.</summary>
    public bool IsTrusted => isTrusted;

    /// <summary>Whether it was taken beyond the bound, so that it answers nothing but health checks.</summary>
    public bool IsReserved { get; set; }

    /// <summary>Whether a request of a caller with valid credentials is in progress.</summary>
    public bool IsServingCaller => Volatile.Read(ref requestsOfCallers) > 0;

    /// <summary>Whether it has been silent for too long.</summary>
    public bool IsSilent => !isTrusted && !isProven && Volatile.Read(ref requests) == 0
        && time.GetElapsedTime(Volatile.Read(ref lastRequest)) >= SilenceTimeout;

    // The places in the lists of OpenConnections, whose lock guards them.
    internal LinkedListNode<OpenConnection>? Place { get; set; }

    internal LinkedListNode<OpenConnection>? Unproven { get; set; }

    internal Charge? Charge { get; set; }

    internal bool IsRemoved { get; set; }

    /// <summary>A request has begun.</summary>
    public void Begin() => Interlocked.Increment(ref requests);

    /// <summary>The credentials of a request in progress are valid.</summary>
    public void BeginOfCaller()
    {
        Interlocked.Increment(ref requestsOfCallers);
        if (!isProven)
        {
            isProven = true;
            all.Prove(this);
        }
    }

    /// <summary>A request has ended.</summary>
    /// <param name="ofCaller">Whether <see cref="BeginOfCaller"/> was called for it.</param>
    public void End(bool ofCaller)
    {
        Volatile.Write(ref lastRequest, time.GetTimestamp());
        Interlocked.Decrement(ref requests);
        if (ofCaller)
        {
            Interlocked.Decrement(ref requestsOfCallers);
        }
    }

    /// <summary>Closes it at once.</summary>
    public void Close() => abort();
}
