using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Hosting;

/// <summary>
/// The connections on which no caller has been known yet, and which of them makes room. Who opens many from a few addresses closes its own
/// connections with them, and the first connection of another address has the time to send its credentials. The lock of
/// <see cref="OpenConnections"/> guards it.
/// </summary>
internal sealed class UnprovenConnections
{
    [Bounded("the most connections that are taken")]
    private readonly Dictionary<AddressKey, OfAddress> byAddress = [];

    // Addresses by how many such connections they have, each in the order in which it came to that number.
    [Bounded("the most connections that are taken")]
    private readonly List<LinkedList<OfAddress>> byCount = [new()];

    private int most;

    /// <summary>The oldest connection of the address that has most of them, or null if there is none.</summary>
    public OpenConnection? OldestOfLargest => byCount[most].First?.Value.Connections.First?.Value;

    public void Add(OpenConnection connection)
    {
        if (!byAddress.TryGetValue(connection.Address, out var address))
        {
            byAddress.Add(connection.Address, address = new OfAddress());
        }

        connection.Unproven = address.Connections.AddLast(connection);
        Place(address);
    }

    public void Remove(OpenConnection connection)
    {
        if (connection.Unproven is not { } node)
        {
            return;
        }

        var address = byAddress[connection.Address];
        address.Connections.Remove(node);
        connection.Unproven = null;
        Place(address);
        if (address.Connections.Count == 0)
        {
            byAddress.Remove(connection.Address);
        }
    }

    private void Place(OfAddress address)
    {
        address.Place.List?.Remove(address.Place);
        var count = address.Connections.Count;
        if (count > 0)
        {
            if (count == byCount.Count)
            {
                byCount.Add(new LinkedList<OfAddress>());
            }

            byCount[count].AddLast(address.Place);
        }

        most = Math.Max(most, count);
        while (most > 0 && byCount[most].Count == 0)
        {
            most--;
        }
    }

    /// <summary>Those of one address, in the order of opening.</summary>
    private sealed class OfAddress
    {
        public OfAddress() => Place = new LinkedListNode<OfAddress>(this);

        [Bounded("the most connections that one address may have")]
        public LinkedList<OpenConnection> Connections { get; } = new();

        public LinkedListNode<OfAddress> Place { get; }
    }
}
