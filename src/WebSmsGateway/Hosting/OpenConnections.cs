using System.Net;
using WebSmsGateway.Authentication;
using WebSmsGateway.Budgets;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Hosting;

/// <summary>
/// The open connections of all listeners together. Their number is bounded, and that of one address. A new connection beyond a bound is taken in
/// place of an older one that serves nobody. Where all serve somebody, a small reserve is left, which answers health checks.
/// </summary>
internal sealed class OpenConnections(ConnectionBounds bounds, KnownProxies proxies, BudgetTable budgets, TimeProvider time)
{
    // The bounds follow from this budget, so it is charged without a check.
    private readonly Budget budget = budgets.Of(BudgetPart.Connections);

    private readonly Lock gate = new();

    // In the order of opening. The bounds bound both.
    [Bounded("the most connections that are taken")]
    private readonly LinkedList<OpenConnection> unproven = new();

    [Bounded("the most connections that are taken")]
    private readonly Dictionary<AddressKey, LinkedList<OpenConnection>> byAddress = [];

    [Bounded("the connections in reserve")]
    private readonly LinkedList<OpenConnection> reserved = new();

    private int count;

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
                closed = unproven.First?.Value;
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

    /// <summary>Marks a connection as one of a caller, so that it does not make room for others any more unless its address has too many.</summary>
    internal void Prove(OpenConnection connection)
    {
        lock (gate)
        {
            if (connection.Unproven is { List: not null } node)
            {
                unproven.Remove(node);
            }

            connection.Unproven = null;
        }
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
        connection.Unproven = unproven.AddLast(connection);
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
        if (connection.Unproven is { List: not null } node)
        {
            unproven.Remove(node);
        }

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
