using System.Net;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Archive;

/// <summary>
/// Two replicas with one Redis are compared with a model that is a plain list. After any sequence of arrivals, clock steps, failures and
/// reads, a read gives exactly what a direct and complete read of WEBSMS would have given at <c>completeUntil</c>, or is marked stale.
/// </summary>
public sealed class ArchiveModelTests(SingleRedis redis) : IClassFixture<SingleRedis>
{
    private static readonly TimeZoneInfo Moscow = TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow");
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly string[] Numbers = ["79020000001", "79020000002"];

    // With a negative seed the clock advances in small steps. The starts are shortly before midnight, and one or two hours before
    // a clock change (in 2010 and 2011 at 2 or 3 o'clock, in 2014 at 2 o'clock).
    public static TheoryData<string, int> Starts => new()
    {
        { "2026-03-14T20:00:00Z", 1 }, { "2026-03-14T20:00:00Z", 2 }, { "2026-03-14T20:58:00Z", 3 },
        { "2010-03-27T21:30:00Z", 4 }, { "2010-03-27T22:40:00Z", 5 },
        { "2010-10-30T21:30:00Z", 6 }, { "2010-10-30T22:40:00Z", 7 }, { "2010-10-30T23:10:00Z", 8 },
        { "2011-03-26T21:30:00Z", 9 }, { "2011-03-26T22:40:00Z", 10 },
        { "2014-10-25T20:30:00Z", 11 }, { "2014-10-25T21:20:00Z", 12 }, { "2014-10-25T21:50:00Z", 13 }, { "2014-10-25T22:10:00Z", 14 },
        { "2026-03-14T20:55:00Z", -1 }, { "2010-03-27T22:55:00Z", -2 }, { "2010-10-30T22:55:00Z", -3 }, { "2010-10-30T22:57:00Z", -4 },
        { "2011-03-26T22:55:00Z", -5 }, { "2014-10-25T21:55:00Z", -6 }, { "2014-10-25T21:57:00Z", -7 }, { "2014-10-25T22:55:00Z", -8 },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public async Task Read_AfterAnySequenceOfEvents_IsWhatADirectReadGives(string start, int seed)
    {
        await using var world = await World.StartAsync(DateTimeOffset.Parse(start), redis, seed);
        for (var step = 0; step < 150; step++)
        {
            await world.StepAsync();
        }

        Assert.True(world.FreshReads > 5, $"seed {seed}: only {world.FreshReads} reads were fresh");
    }

    private sealed record Arrival(DateTimeOffset At, DateTime LocalTime, string Number, string Text);

    private sealed class World(FakeTimeProvider clock, RunningSimulator simulator, RedisTopology redis, int seed) : IAsyncDisposable
    {
        private readonly Random random = new(seed);
        private readonly SimulatedAccount account = simulator.NewAccount();
        private readonly List<RunningGateway> replicas = [];
        private readonly List<Arrival> arrivals = [];
        private readonly List<string> story = [];
        private bool isDown;
        private DateTimeOffset upSince;

        public int FreshReads { get; private set; }

        private DateTimeOffset Now => clock.GetUtcNow();

        public static async Task<World> StartAsync(DateTimeOffset start, RedisTopology redis, int seed)
        {
            var clock = new FakeTimeProvider(start);
            var world = new World(clock, await RunningSimulator.StartAsync(clock), redis, seed);
            world.upSince = start.AddDays(-1);
            world.replicas.Add(world.StartReplica());
            world.replicas.Add(world.StartReplica());
            return world;
        }

        public async Task StepAsync()
        {
            switch (random.Next(20))
            {
                case < 6:
                    Receive();
                    break;
                case < 12:
                    clock.Advance(StepLength());
                    story.Add($"now {Local(Now):dd HH:mm:ss}");
                    break;
                case 12 when isDown || random.Next(2) == 0:
                    isDown = !isDown;
                    upSince = isDown ? upSince : Now;
                    account.Behaviour = isDown ? new() { Faults = [SimulatorFault.StatusCode(503)] } : new();
                    story.Add(isDown ? "down" : "up");
                    break;
                case 13 when random.Next(4) == 0:
                    var index = random.Next(replicas.Count);
                    await replicas[index].DisposeAsync();
                    replicas[index] = StartReplica();
                    story.Add($"replica {index} starts again");
                    break;
                case 14 when random.Next(4) == 0:
                    await redis.Servers[0].RunAsync("FLUSHALL");
                    story.Add("redis is emptied");
                    break;
                default:
                    await ReadAsync();
                    break;
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }

            await simulator.DisposeAsync();
        }

        private static DateTime Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Moscow).DateTime;

        private RunningGateway StartReplica() => RunningGateway.Start(
            simulator, account, clock, [.. redis.Settings, ("Upstream:Retries", "0"), ("Cache:Freshness", Freshness.ToString())]);

        private TimeSpan StepLength() => random.Next(10) switch
        {
            _ when seed < 0 => TimeSpan.FromSeconds(random.Next(1, 20)),
            < 3 => TimeSpan.FromSeconds(random.Next(1, 5)),
            < 6 => TimeSpan.FromSeconds(random.Next(5, 120)),
            < 9 => TimeSpan.FromMinutes(random.Next(2, 25)),
            _ => TimeSpan.FromHours(random.Next(1, 14)),
        };

        private void Receive()
        {
            // The message is reported now and dated up to two minutes ago. There are few texts, so that equal messages in one second occur.
            var lateness = random.Next(3) == 0 ? TimeSpan.FromSeconds(random.Next(120)) : TimeSpan.Zero;
            var local = Local(Now - lateness);
            var arrival = new Arrival(
                Now, new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerSecond)), Numbers[random.Next(2)], $"Код {random.Next(2)}");
            arrivals.Add(arrival);
            account.AddMessages(new SimulatorMessage(arrival.Number, "Sberbank", arrival.Text) { LocalTime = arrival.LocalTime });
            story.Add($"'{arrival.Text}' dated {arrival.LocalTime:dd HH:mm:ss}");
        }

        private async Task ReadAsync()
        {
            var today = DateOnly.FromDateTime(Local(Now));
            var first = today.AddDays(-random.Next(4));
            var last = random.Next(2) == 0 ? today : first.AddDays(random.Next(today.DayNumber - first.DayNumber + 1));
            var number = random.Next(3) is var which && which < 2 ? Numbers[which] : null;
            var replica = random.Next(replicas.Count);
            story.Add($"replica {replica} reads {number ?? "*"} {first:dd}-{last:dd}");
            var read = await replicas[replica].ReadAsync($"{first:yyyy-MM-dd}", $"{last:yyyy-MM-dd}", number);

            // Fetches in the background have to end before the next clock step, because no real call lasts for hours.
            foreach (var gateway in replicas)
            {
                await gateway.SettleAsync();
            }

            Check(read, first, last, number);
        }

        private void Check(PageRead read, DateOnly first, DateOnly last, string? number)
        {
            // The circuit breaker stops calls for some seconds after WEBSMS works again.
            var failsOrDidJustNow = isDown || Now - upSince < TimeSpan.FromSeconds(15);
            if (read.Status != HttpStatusCode.OK)
            {
                Require(failsOrDidJustNow, $"status {read.Status} although WEBSMS answers");
                return;
            }

            Require(!read.IsStale || failsOrDidJustNow, "stale although WEBSMS answers");
            var inRange = arrivals
                .Where(arrival => DateOnly.FromDateTime(arrival.LocalTime) >= first && DateOnly.FromDateTime(arrival.LocalTime) <= last)
                .Where(arrival => number is null || arrival.Number == number)
                .ToList();
            var completeUntil = read.CompleteUntil;

            // A message that arrived at the moment of the question may have come after it.
            bool IsPromised(Arrival arrival) => arrival.At < completeUntil || (!read.IsStale && arrival.At <= Now - Freshness);
            if (!read.IsStale && last == DateOnly.FromDateTime(Local(Now)))
            {
                Require(completeUntil >= Now - Freshness, $"not stale, but complete only until {completeUntil}");
            }

            var given = read.Items.Select(Describe).ToList();
            var missing = Minus(inRange.Where(IsPromised).Select(Describe), given);
            Require(missing.Count == 0, $"missing: {string.Join(", ", missing)}");
            var invented = Minus(given, inRange.Select(Describe));
            Require(invented.Count == 0, $"invented: {string.Join(", ", invented)}");
            var ids = read.Items.Select(item => item.GetProperty("id").GetString()).ToList();
            Require(ids.Distinct().Count() == ids.Count, "an id comes twice");
            var times = read.Items.Select(item => item.GetProperty("receivedAt").GetDateTimeOffset()).ToList();
            Require(times.SequenceEqual(times.OrderDescending()), "not in the order of time");
            FreshReads += read.IsStale ? 0 : 1;
        }

        private static string Describe(Arrival arrival) => $"{arrival.LocalTime:s} {arrival.Number} {arrival.Text}";

        private static string Describe(System.Text.Json.JsonElement item) =>
            $"{item.GetProperty("receivedAt").GetString()![..19]} {item.GetProperty("rentedNumber").GetString()} "
            + $"{item.GetProperty("text").GetString()}";

        private static List<string> Minus(IEnumerable<string> left, IEnumerable<string> right)
        {
            var rest = left.ToList();
            foreach (var item in right)
            {
                rest.Remove(item);
            }

            return rest;
        }

        private void Require(bool condition, string fault) =>
            Assert.True(condition, $"seed {seed}: {fault}\n{string.Join('\n', story.TakeLast(40))}");
    }
}
