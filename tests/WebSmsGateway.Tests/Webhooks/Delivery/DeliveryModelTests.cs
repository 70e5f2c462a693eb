using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Tests.Webhooks.Delivery;

/// <summary>
/// Seeded worlds in virtual time: two replicas deliver a line of messages with the product's state, fencing and schedule, while they are killed and
/// frozen, the store fails, and the receiver fails and rejects. A seed is a report of a defect, and planted defects show that the worlds find some.
/// </summary>
public sealed class DeliveryModelTests
{
    private const int Worlds = 300;

    public enum Planted
    {
        None,
        CursorSavedBeforeTheAnswer,
        FencingIgnored,
        ParkedLost,
    }

    [Fact]
    public async Task Worlds_OfTheProduct_LoseNothingAndKeepTheOrder()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            Assert.Null(await new World(seed, Planted.None).PlayAsync());
        }
    }

    [Theory]
    [InlineData(Planted.CursorSavedBeforeTheAnswer)]
    [InlineData(Planted.FencingIgnored)]
    [InlineData(Planted.ParkedLost)]
    public async Task Worlds_WithAPlantedDefect_FindIt(Planted defect)
    {
        var found = 0;
        for (var seed = 0; seed < Worlds; seed++)
        {
            found += await new World(seed, defect).PlayAsync() is null ? 0 : 1;
        }

        Assert.True(found > 0, $"{defect} was found in none of {Worlds} worlds.");
    }

    private sealed class World
    {
        private const int Messages = 12;
        private const int Steps = 250;

        private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
        private readonly DeliverySchedule schedule = new(parkAfter: TimeSpan.FromHours(2), disableAfter: TimeSpan.FromDays(30));
        private readonly List<int> taken = [];
        private readonly List<Replica> replicas = [];
        private readonly SharedStates store;
        private readonly Random random;
        private readonly Planted defect;
        private readonly int seed;
        private readonly int poison;

        // What is delivered while the store fails is not saved, and comes again after a takeover.
        private readonly bool hasStoreFaults;
        private bool isReceiverDown;
        private int takeovers;
        private int furthest;

        public World(int seed, Planted defect)
        {
            (this.seed, this.defect, random) = (seed, defect, new Random(seed));
            store = new SharedStates(clock) { IgnoresTags = defect == Planted.FencingIgnored };
            poison = random.Next(1, Messages);
            hasStoreFaults = seed % 2 == 0;
            replicas.Add(new Replica(this));
            replicas.Add(new Replica(this));
        }

        /// <summary>What is wrong in this world; null for nothing.</summary>
        public async Task<string?> PlayAsync()
        {
            for (var step = 0; step < Steps; step++)
            {
                var fault = await StepAsync(replicas[random.Next(2)]);
                if (fault is not null)
                {
                    return $"seed {seed}, step {step}: {fault}";
                }
            }

            // The faults are over.
            (store.IsDown, store.LosesAnswers, isReceiverDown) = (false, false, false);
            takeovers++;
            replicas[0].FrozenUntil = 0;
            for (var step = 0; step < 2000; step++)
            {
                await replicas[0].StepAsync(step);
                clock.Advance(TimeSpan.FromSeconds(step % 20 == 0 ? 600 : 1));
            }

            return await JudgeAsync() is { } lost ? $"seed {seed}: {lost}" : null;
        }

        private async Task<string?> StepAsync(Replica replica)
        {
            switch (random.Next(40))
            {
                case 0:
                    takeovers++;
                    replica.Die();
                    break;
                case 1:
                    takeovers++;
                    replica.FrozenUntil = replica.Age + random.Next(3, 25);
                    clock.Advance(IStateStore.LeaseDuration * 2);
                    break;
                case 2 when hasStoreFaults:
                    store.IsDown = !store.IsDown;
                    break;
                case 3 when hasStoreFaults:
                    store.LosesAnswers = !store.LosesAnswers;
                    break;
                case 4:
                    isReceiverDown = !isReceiverDown;
                    break;
                default:
                    await replica.StepAsync(replica.Age + 1);
                    clock.Advance(TimeSpan.FromMilliseconds(random.Next(300)));
                    break;
            }

            return await ReadAsync() is { } stored && Number(stored.Cursor) is var place && place < (furthest = Math.Max(furthest, place))
                ? $"the stored place went back from {furthest} to {place}"
                : null;
        }

        private async Task<string?> JudgeAsync()
        {
            var parked = (await ReadAsync())!.Parked.Select(message => Number(message.Id)).ToHashSet();
            var first = taken.Distinct().ToList();
            var lost = Enumerable.Range(0, Messages).Except(first).Except(parked).ToList();
            return lost.Count > 0 ? $"{string.Join(", ", lost)} of {Messages} were lost"
                : !first.SequenceEqual(first.Order()) ? $"the order is {string.Join(", ", first)}"
                : !hasStoreFaults && taken.Count - first.Count > takeovers ? $"{taken.Count - first.Count} were repeated with {takeovers} takeovers"
                : null;
        }

        private async Task<EndpointState?> ReadAsync()
        {
            var (isDown, losesAnswers) = (store.IsDown, store.LosesAnswers);
            (store.IsDown, store.LosesAnswers) = (false, false);
            var reader = new StateKeeper("shop", store);
            await reader.LookAsync(CancellationToken.None);
            (store.IsDown, store.LosesAnswers) = (isDown, losesAnswers);
            return reader.State;
        }

        private DeliveryOutcome Receive(int message)
        {
            if (isReceiverDown)
            {
                return new DeliveryOutcome(OutcomeKind.Timeout);
            }

            if (message == poison)
            {
                return new DeliveryOutcome(OutcomeKind.Status, 422);
            }

            taken.Add(message);
            return new DeliveryOutcome(OutcomeKind.Delivered, 204);
        }

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

        /// <summary>One replica, which stops between any two of its steps.</summary>
        private sealed class Replica(World world)
        {
            private StateKeeper keeper = new("shop", world.store);
            private (Delivered Delivered, DeliveryOutcome Outcome)? answered;
            private bool isSender;

            public int Age { get; private set; }

            public int FrozenUntil { get; set; }

            public void Die() => (keeper, answered, isSender) = (new StateKeeper("shop", world.store), null, false);

            public async Task StepAsync(int age)
            {
                Age = age;
                if (age < FrozenUntil)
                {
                    return;
                }

                if (answered is { } answer)
                {
                    answered = null;
                    await SaveAsync(answer.Delivered, answer.Outcome);
                }
                else if (!isSender || age % 5 == 0)
                {
                    await HoldAsync();
                }
                else if (await keeper.IsSurelyHeldAsync(CancellationToken.None))
                {
                    await AttemptAsync();
                }
                else
                {
                    isSender = false;
                }
            }

            private async Task HoldAsync()
            {
                isSender = await keeper.HoldAsync(CancellationToken.None) == Holding.Here;
                if (isSender && keeper.State is null)
                {
                    isSender = !world.store.IsDown
                        && await keeper.BeginAnewAsync(new EndpointState { Cursor = "0" }, CancellationToken.None);
                }
            }

            private async Task AttemptAsync()
            {
                var message = Number(keeper.State!.Cursor);
                if (message == Messages || keeper.State.Trial?.NextAt > world.clock.GetUtcNow())
                {
                    return;
                }

                var next = Text(message + 1);
                var delivered = new Delivered(Text(message), next, world.clock.GetUtcNow(), state => state with { Cursor = next });
                if (world.defect == Planted.CursorSavedBeforeTheAnswer)
                {
                    await keeper.SaveAsync(delivered.Advance(keeper.State), CancellationToken.None);
                }

                answered = (delivered, world.Receive(message));
            }

            private async Task SaveAsync(Delivered delivered, DeliveryOutcome outcome)
            {
                var before = world.defect == Planted.CursorSavedBeforeTheAnswer
                    ? keeper.State! with { Cursor = delivered.Id }
                    : keeper.State!;
                var (decision, after) = world.schedule.After(before, delivered, outcome, world.clock.GetUtcNow(), chance: 0);
                if (world.defect == Planted.ParkedLost && decision == Decision.Parked)
                {
                    after = after with { Parked = [] };
                }

                isSender = await keeper.SaveAsync(after, CancellationToken.None);
            }
        }
    }
}
