using System.Net;
using WebSmsGateway.Authentication;
using WebSmsGateway.Budgets;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Hosting;

/// <summary>
/// The open connections of all listeners together. Their number is bounded, and that of one address. A new connection beyond a bound is taken in
/// place of an older one that serves no caller: beyond the bound of all in the address that has most of them, first where no caller has been
/// known yet. Where all serve callers, a small reserve is left, which answers health checks.
/// </summary>
internal sealed class OpenConnections(ConnectionBounds bounds, KnownProxies proxies, BudgetTable budgets, TimeProvider time)
{
    // Nothing is found in a search through all connections again so soon.
    private static readonly TimeSpan SearchInterval = TimeSpan.FromMilliseconds(100);

    // The bounds follow from this budget, so it is charged without a check.
    private readonly Budget budget = budgets.Of(BudgetPart.Connections);

    private readonly Lock gate = new();

    [Bounded("the most connections that are taken")]
    private readonly UnprovenConnections unproven = new();

    // Those of each address in the order of opening.
    [Bounded("the most connections that are taken")]
    private readonly Dictionary<AddressKey, LinkedList<OpenConnection>> byAddress = [];

    [Bounded("the connections in reserve")]
    private readonly LinkedList<OpenConnection> reserved = new();

    private int count;
    private long? nothingIdleAt;

    /// <summary>Open connections without those of the reserve.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Takes a new connection, or gives null if there is no place for it.</summary>
    /// <param name="address">The address of the other side; null for a local one that has none.</param>
    /// <param name="abort">Closes the connection.</param>
    public OpenConnection? Open(IPAddress? address, Action abort)
    {
        OpenConnection? closed = null;
        var opened = new OpenConnection(this, time, AddressKey.Of(address), isTrusted: address is null || proxies.Includes(address), abort);
        lock (gate)
        {
            if (!opened.IsTrusted && CountOf(opened.Address) >= bounds.Half)
            {
                closed = byAddress[opened.Address].FirstOrDefault(connection => !connection.IsServingCaller);
                if (closed is null)
                {
                    return null;
                }
            }
            else if (count >= bounds.All)
            {
                closed = unproven.OldestOfLargest ?? IdleOfLargest();
                if (closed is null)
                {
                    opened.IsReserved = true;
                    closed = reserved.Count >= ConnectionBounds.Reserve ? reserved.First!.Value : null;
                }
            }

            if (closed is not null)
            {
                Remove(closed);
            }

            Add(opened);
        }

        closed?.Close();
        return opened;
    }

    /// <summary>Removes a connection that has ended.</summary>
    public void End(OpenConnection connection)
    {
        lock (gate)
        {
            Remove(connection);
        }
    }

    /// <summary>Marks a connection as one of a caller. It makes room only where its address has too many, or where all are of callers.</summary>
    internal void Prove(OpenConnection connection)
    {
        lock (gate)
        {
            unproven.Remove(connection);
        }
    }

    /// <summary>The oldest connection that serves no caller, of the address that has most connections among those that have such a one.</summary>
    private OpenConnection? IdleOfLargest()
    {
        if (nothingIdleAt is { } last && time.GetElapsedTime(last) < SearchInterval)
        {
            return null;
        }

        var (found, most) = ((OpenConnection?)null, 0);
        foreach (var connections in byAddress.Values)
        {
            if (connections.Count > most && connections.FirstOrDefault(connection => !connection.IsServingCaller) is { } idle)
            {
                (found, most) = (idle, connections.Count);
            }
        }

        nothingIdleAt = found is null ? time.GetTimestamp() : null;
        return found;
    }

    private int CountOf(AddressKey address) => byAddress.TryGetValue(address, out var connections) ? connections.Count : 0;

    private void Add(OpenConnection connection)
    {
        if (connection.IsReserved)
        {
            connection.Place = reserved.AddLast(connection);
            return;
        }

        count++;
        connection.Charge = budget.Open(new BudgetOwner($"address:{connection.Address.IsV6} {connection.Address.Bits:x}", "address"));
        connection.Charge.Set(ConnectionBounds.ConnectionBytes);
        if (connection.IsTrusted)
        {
            return;
        }

        if (!byAddress.TryGetValue(connection.Address, out var connections))
        {
            byAddress.Add(connection.Address, connections = new LinkedList<OpenConnection>());
        }

        connection.Place = connections.AddLast(connection);
        unproven.Add(connection);
    }

    private void Remove(OpenConnection connection)
    {
        if (connection.IsRemoved)
        {
            return;
        }

        connection.IsRemoved = true;
        connection.Charge?.Dispose();
        count -= connection.IsReserved ? 0 : 1;
        unproven.Remove(connection);
        if (connection.Place is { List: { } list } place)
        {
            list.Remove(place);
            if (list.Count == 0 && list != reserved)
            {
                byAddress.Remove(connection.Address);
            }
        }
    }
}
