using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Budgets;
using WebSmsGateway.Hosting;

namespace WebSmsGateway.Tests.Budgets;

/// <summary>Which connection makes room for a new one.</summary>
public sealed class OpenConnectionsTests
{
    private static readonly MemoryPlan Pod = new(384 * MemoryPlan.Mebibyte, 288 * MemoryPlan.Mebibyte);

    // Three quarters of 448 open files without the kept ones.
    private const int All = 80;
    private const int Addresses = 20;

    private readonly FakeTimeProvider clock = new();
    private readonly OpenConnections connections;
    private readonly List<string> closed = [];

    public OpenConnectionsTests() =>
        connections = new OpenConnections(new ConnectionBounds(448, Pod), new KnownProxies(Options.Create(new ProxyOptions())), new BudgetTable(Pod), clock);

    [Fact]
    public void Open_BesideManyOfOtherAddresses_KeepsTheOnlyOneOfItsAddress()
    {
        for (var i = 0; i < All / 2; i++)
        {
            Open($"10.0.0.{i % Addresses}");
        }

        Open("192.0.2.1");
        for (var i = 0; i < 10 * All; i++)
        {
            Open($"10.0.0.{i % Addresses}");
        }

        Assert.DoesNotContain("192.0.2.1", closed);
        Assert.Equal(All, connections.Count);
    }

    [Fact]
    public void Open_WhereEachAddressHasOne_ClosesTheOldest()
    {
        for (var i = 0; i < All + 3; i++)
        {
            Open($"10.0.0.{i}");
        }

        Assert.Equal(["10.0.0.0", "10.0.0.1", "10.0.0.2"], closed);
    }

    [Fact]
    public void Open_WhereIdleConnectionsOfCallersTakeAll_ClosesThemInTheAddressThatHasMost()
    {
        OpenOfCaller("192.0.2.1").End(ofCaller: true);
        for (var i = 1; i < All; i++)
        {
            OpenOfCaller($"10.0.0.{i % 3}").End(ofCaller: true);
        }

        for (var i = 0; i < All / 2; i++)
        {
            Assert.False(OpenOfCaller($"192.0.2.{2 + i}").IsReserved);
        }

        Assert.DoesNotContain("192.0.2.1", closed);
        Assert.Equal(All / 2, closed.Count);
    }

    [Fact]
    public void Open_WhereAllServeCallers_ClosesNoneAndTakesFromTheReserve()
    {
        for (var i = 0; i < All; i++)
        {
            OpenOfCaller($"10.0.0.{i % 3}");
        }

        Assert.True(Open("192.0.2.1").IsReserved);
        Assert.Empty(closed);
    }

    [Fact]
    public void Open_WhereOneOfManyServingEnds_ClosesThatOne()
    {
        var streams = Enumerable.Range(0, All).Select(i => OpenOfCaller($"10.0.0.{i % 3}")).ToList();
        Assert.True(Open("192.0.2.1").IsReserved);
        streams[41].End(ofCaller: true);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(Open("192.0.2.1").IsReserved);

        Assert.Equal([$"10.0.0.{41 % 3}"], closed);
    }

    private OpenConnection OpenOfCaller(string address)
    {
        var opened = Open(address);
        opened.Begin();
        opened.BeginOfCaller();
        return opened;
    }

    private OpenConnection Open(string address) => connections.Open(IPAddress.Parse(address), () => closed.Add(address))!;
}
