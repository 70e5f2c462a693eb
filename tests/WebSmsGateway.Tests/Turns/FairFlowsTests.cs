using WebSmsGateway.Turns;

namespace WebSmsGateway.Tests.Turns;

/// <summary>Owners have fair turns, however much work each of them brings.</summary>
public sealed class FairFlowsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    /// <summary>Work as "owner" or "owner:cost", and the order in which it goes.</summary>
    [Theory]
    [InlineData("a a a", "a1 a2 a3")]
    [InlineData("a a a b", "a1 b1 a2 a3")]
    [InlineData("a a a b b c", "a1 b1 c1 a2 b2 a3")]
    [InlineData("a:4 a:4 b b b b b b", "b1 b2 b3 a1 b4 b5 b6 a2")]
    [InlineData("a+b a b", "a1 b1 a2")]
    [InlineData("a a a a+b", "a1 a4 a2 a3")]
    public void Take_WorkOfSeveralOwners_GoesInTheirTurns(string added, string expected)
    {
        var (flows, counts) = (new FairFlows<Work>(), new Dictionary<string, int>());
        foreach (var text in added.Split(' '))
        {
            var parts = text.Split(':');
            var owners = parts[0].Split('+');
            var number = counts[owners[0]] = counts.GetValueOrDefault(owners[0]) + 1;
            var work = new Work($"{owners[0]}{number}", parts.Length > 1 ? int.Parse(parts[1]) : 1);
            Array.ForEach(owners, owner => flows.Add(work, owner));
        }

        Assert.Equal(expected, string.Join(' ', TakeAll(flows)));
        Assert.Equal((0, 0), (flows.Count, flows.Owners));
    }

    [Fact]
    public void Take_WorkThatMayNotGo_KeepsItsPlaceAndLetsOthersPass()
    {
        var flows = new FairFlows<Work>();
        flows.Add(new Work("slow", 1), "a");
        flows.Add(new Work("quick", 1), "a");
        flows.Add(new Work("other", 1), "b");

        Assert.Equal("quick", flows.Take(work => work.Name != "slow")!.Name);
        Assert.Equal("other", flows.Take(work => work.Name != "slow")!.Name);
        Assert.Null(flows.Take(work => work.Name != "slow"));
        Assert.Equal("slow", flows.Take(_ => true)!.Name);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Take_OwnersThatAlwaysHaveWork_GetEqualShares(int seed)
    {
        var random = new Random(seed);
        var flows = new FairFlows<Work>();
        var owners = Enumerable.Range(0, random.Next(2, 9)).Select(owner => $"{owner}").ToList();
        var given = owners.ToDictionary(owner => owner, _ => 0);
        var mostCost = random.Next(1, 6);
        void Add(string owner) => flows.Add(new Work(owner, random.Next(1, mostCost + 1)), owner);
        owners.ForEach(owner => Enumerable.Range(0, 3).ToList().ForEach(_ => Add(owner)));
        for (var turn = 0; turn < 3000; turn++)
        {
            var work = flows.Take(_ => true)!;
            given[work.Name] += work.Cost;
            Add(work.Name);

            // One may be ahead of another by the largest work and a round's credit.
            Assert.InRange(given.Values.Max() - given.Values.Min(), 0, (2 * mostCost) + 1);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Take_OneWorkBesideACrowd_GoesWithinItsTurn(int seed)
    {
        var random = new Random(seed);
        var flows = new FairFlows<Work>();
        for (var i = 0; i < 500; i++)
        {
            flows.Add(new Work("crowd", 1 + (i % 4)), $"{random.Next(3)}");
        }

        Enumerable.Range(0, random.Next(50)).ToList().ForEach(_ => flows.Take(_ => true));
        flows.Add(new Work("one", 1), "late");

        // Each of the three others goes at most once before it.
        Assert.Contains("one", Enumerable.Range(0, 4).Select(_ => flows.Take(_ => true)!.Name));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AddTakeRemove_InAnyOrder_LoseNothingAndGiveNothingTwice(int seed)
    {
        var random = new Random(seed);
        var (flows, waiting) = (new FairFlows<Work>(), new HashSet<Work>());
        for (var step = 0; step < 2000; step++)
        {
            switch (random.Next(5))
            {
                case < 2:
                    var added = new Work($"{step}", random.Next(1, 5));
                    Enumerable.Range(0, random.Next(1, 4)).ToList().ForEach(owner => flows.Add(added, $"{random.Next(4)}{owner}"));
                    waiting.Add(added);
                    break;
                case 2 when waiting.Count > 0:
                    var leaves = waiting.ElementAt(random.Next(waiting.Count));
                    flows.Remove(leaves);
                    waiting.Remove(leaves);
                    break;
                default:
                    var parity = random.Next(3);
                    var taken = flows.Take(work => parity == 2 || work.Cost % 2 == parity);
                    Assert.True(taken is null ? !waiting.Any(work => parity == 2 || work.Cost % 2 == parity) : waiting.Remove(taken));
                    break;
            }

            Assert.Equal(waiting.Count, flows.Count);
        }
    }

    private static List<string> TakeAll(FairFlows<Work> flows)
    {
        var taken = new List<string>();
        while (flows.Take(_ => true) is { } work)
        {
            taken.Add(work.Name);
        }

        return taken;
    }

    private sealed class Work(string name, int cost) : FlowWork(cost)
    {
        public string Name => name;
    }
}
