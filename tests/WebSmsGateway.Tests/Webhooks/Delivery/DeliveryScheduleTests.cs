using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Tests.Webhooks.Delivery;

public sealed class DeliveryScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeliverySchedule Schedule = new(parkAfter: TimeSpan.FromDays(3), disableAfter: TimeSpan.FromDays(5));

    private readonly DeliveryRun run = new(Schedule, Noon);

    [Theory]
    [InlineData(1, 500, null, "00:00:05")]
    [InlineData(2, 500, null, "00:00:30")]
    [InlineData(3, 500, null, "00:02:00")]
    [InlineData(4, 500, null, "00:10:00")]
    [InlineData(5, 500, null, "00:30:00")]
    [InlineData(6, 500, null, "02:00:00")]
    [InlineData(7, 500, null, "06:00:00")]
    [InlineData(8, 500, null, "06:00:00")]
    [InlineData(900, 500, null, "06:00:00")]
    [InlineData(1, 301, null, "00:00:05")]
    [InlineData(1, 401, null, "00:00:05")]
    [InlineData(1, 429, null, "00:00:30")]
    [InlineData(1, 502, null, "00:00:30")]
    [InlineData(1, 503, null, "00:00:30")]
    [InlineData(1, 504, null, "00:00:30")]
    [InlineData(7, 429, null, "06:00:00")]
    [InlineData(1, 429, "00:01:00", "00:01:00")]
    [InlineData(1, 429, "00:00:01", "00:00:30")]
    [InlineData(1, 500, "00:20:00", "00:20:00")]
    [InlineData(1, 503, "365.00:00:00", "06:00:00")]
    [InlineData(1, 503, "-00:01:00", "00:00:30")]
    public void DelayAfter_AnAttempt_IsThatOfTheTable(int attempts, int status, string? retryAfter, string expected)
    {
        var outcome = Status(status) with { RetryAfter = retryAfter is null ? null : TimeSpan.Parse(retryAfter) };
        var delay = TimeSpan.Parse(expected);

        Assert.Equal(delay, DeliverySchedule.DelayAfter(attempts, outcome, chance: 0));
        Assert.Equal(delay * 1.2, DeliverySchedule.DelayAfter(attempts, outcome, chance: 1));
    }

    [Fact]
    public void After_Success_GoesOnAndForgetsFailures()
    {
        run.Try(Status(500));
        run.Try(new DeliveryOutcome(OutcomeKind.Timeout));

        Assert.Equal(Decision.Delivered, run.Try(Success));
        Assert.Equal("behind 0", run.State.Cursor);
        Assert.Null(run.State.Trial);
        Assert.Null(run.State.FailingSince);
        Assert.Null(run.State.LastFailure);
        Assert.Equal(204, run.State.LastStatus);
        Assert.Equal(run.Now, run.State.LastSuccessAt);
    }

    [Fact]
    public void After_Failure_KeepsTheCursorAndTheFirstBody()
    {
        Assert.Equal(Decision.Again, run.Try(Status(500)));
        Assert.Equal("begin", run.State.Cursor);
        Assert.Equal("behind 0", run.State.Trial!.Cursor);
        Assert.Equal(Noon, run.State.FailingSince);
        Assert.Equal(Noon + TimeSpan.FromSeconds(5), run.State.Trial.NextAt);
    }

    [Theory]
    [InlineData(410, true)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    public void After_Gone_IsDisabledAtOnce(int status, bool isDisabled)
    {
        var decision = run.Try(Status(status));

        Assert.Equal(isDisabled ? Decision.Disabled : Decision.Again, decision);
        Assert.Equal("begin", run.State.Cursor);
        Assert.Equal(isDisabled ? DisabledReason.Gone : null, run.State.Disabled?.Reason);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(301)]
    [InlineData(null)]
    public void After_ParkAfterOfFailures_IsParkedAndTheLineGoesOn(int? status)
    {
        var outcome = status is { } code ? Status(code) : new DeliveryOutcome(OutcomeKind.Unreachable);
        while (run.Try(outcome) == Decision.Again)
        {
            run.Wait();
        }

        Assert.InRange(run.Now - Noon, TimeSpan.FromDays(3), TimeSpan.FromDays(3.5));
        var parked = Assert.Single(run.State.Parked);
        Assert.Equal(("message 0", run.Now, status), (parked.Id, parked.LastTriedAt, parked.LastStatus));
        Assert.Equal(status is null ? OutcomeKind.Unreachable : OutcomeKind.Status, parked.LastFailure);
        Assert.Equal("behind 0", run.State.Cursor);
        Assert.Null(run.State.Trial);
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(422, true)]
    [InlineData(413, true)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(408, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(301, false)]
    public void After_FiveRejectionsInTenMinutesAndASuccessBefore_IsParkedByStatus(int status, bool isParked)
    {
        run.Try(Success);
        run.Next();
        var decisions = Enumerable.Range(0, 5).Select(_ => run.TryAndWait(Status(status))).ToList();

        Assert.All(decisions[..4], decision => Assert.Equal(Decision.Again, decision));
        Assert.Equal(isParked ? Decision.Parked : Decision.Again, decisions[4]);
    }

    [Fact]
    public void After_FiveRejectionsWithinTenMinutes_IsTriedAgain()
    {
        run.Try(Success);
        run.Next();

        Assert.All(Enumerable.Range(0, 8), _ => Assert.Equal(Decision.Again, run.Try(Status(400), then: TimeSpan.FromSeconds(80))));
        run.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Decision.Parked, run.Try(Status(400)));
    }

    [Fact]
    public void After_RejectionsOfTwoMessages_OnlyTheFirstIsParkedByThem()
    {
        run.Try(Success);
        run.Next();
        Assert.Contains(Decision.Parked, Enumerable.Range(0, 5).Select(_ => run.TryAndWait(Status(400))));
        run.Next();

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(Decision.Again, run.TryAndWait(Status(400))));
        run.Try(Success);
        run.Next();
        Assert.Contains(Decision.Parked, Enumerable.Range(0, 5).Select(_ => run.TryAndWait(Status(400))));
    }

    [Fact]
    public void After_RejectionsWithoutARecentSuccess_IsTriedAgain()
    {
        run.Try(Success);
        run.Next();
        run.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(Decision.Again, run.TryAndWait(Status(400))));
    }

    [Fact]
    public void After_AThousandParked_TheLineStops()
    {
        run.State = run.State with
        {
            Parked = [.. Enumerable.Range(0, EndpointState.MostParked).Select(i => new ParkedMessage($"earlier {i}", Noon, 500, OutcomeKind.Status))],
        };
        for (var i = 0; i < 15; i++)
        {
            Assert.Equal(Decision.Again, run.TryAndWait(Status(500)));
        }

        Assert.True(run.Now - Noon > TimeSpan.FromDays(2));
        Assert.Equal(EndpointState.MostParked, run.State.Parked.Count);
        Assert.Equal("begin", run.State.Cursor);
    }

    [Fact]
    public void After_DisableAfterOfFailuresAlone_IsDisabledAndKeepsItsPlace()
    {
        var decision = Decision.Again;
        for (var i = 0; decision != Decision.Disabled; i++)
        {
            decision = run.TryAndWait(new DeliveryOutcome(OutcomeKind.Timeout));
            if (decision == Decision.Parked)
            {
                run.Next();
            }

            Assert.True(i < 100);
        }

        Assert.InRange(run.State.Disabled!.At - Noon, TimeSpan.FromDays(5), TimeSpan.FromDays(5.5));
        Assert.Equal(DisabledReason.Failures, run.State.Disabled.Reason);
        Assert.Equal("behind 0", run.State.Cursor);
        Assert.Equal(1, run.Halves);
    }

    [Fact]
    public void Resumed_ADisabledState_TriesItsMessageAtOnceAndCountsAnew()
    {
        run.Try(Status(500));
        run.Try(Status(410));
        var resumed = run.State.Resumed(1);

        Assert.Null(resumed.Disabled);
        Assert.Null(resumed.FailingSince);
        Assert.True(resumed.Trial!.NextAt < Noon);
        Assert.Equal("behind 0", resumed.Trial.Cursor);
        run.State = resumed;
        Assert.Equal(Decision.Again, run.Try(Status(500)));
        Assert.Equal(1, run.State.Trial!.Attempts);
    }

    [Fact]
    public void After_SuccessOfAParkedMessage_IsParkedNoMore()
    {
        run.State = run.State with { Parked = [new ParkedMessage("message 0", Noon, 500, OutcomeKind.Status), new ParkedMessage("other", Noon, null, OutcomeKind.Timeout)] };

        run.Try(Success);

        Assert.Equal("other", Assert.Single(run.State.Parked).Id);
    }

    [Fact]
    public void Replays_InOrder_AreCountedAndEnd()
    {
        var (orders, done) = (new EndpointOrders(), new ReplayPlace(0, 0));
        orders = orders.With(["a", "b"], done).With(["c"], done);
        var replayed = new List<string>();
        while (orders.NextReplay(done) is { } id)
        {
            Assert.Equal(3 - replayed.Count, orders.ReplaysLeft(done));
            replayed.Add(id);
            done = orders.AfterNext(done);
        }

        Assert.Equal(["a", "b", "c"], replayed);
        Assert.Equal(0, orders.ReplaysLeft(done));
        Assert.Equal(["d"], Assert.Single(orders.With(["d"], done).Replays).Ids);
    }

    private static DeliveryOutcome Success { get; } = new(OutcomeKind.Delivered, 204);

    private static DeliveryOutcome Status(int status) => new(OutcomeKind.Status, status);

    /// <summary>An endpoint with a clock, whose messages are numbered.</summary>
    private sealed class DeliveryRun(DeliverySchedule schedule, DateTimeOffset start)
    {
        private int message;

        public DateTimeOffset Now { get; private set; } = start;

        public EndpointState State { get; set; } = new() { Cursor = "begin" };

        public int Halves { get; private set; }

        public void Advance(TimeSpan time) => Now += time;

        public void Next() => message++;

        public void Wait() => Now = State.Trial?.NextAt > Now ? State.Trial.NextAt : Now;

        public Decision TryAndWait(DeliveryOutcome outcome)
        {
            var decision = Try(outcome);
            Wait();
            return decision;
        }

        public Decision Try(DeliveryOutcome outcome, TimeSpan then = default)
        {
            var number = message;
            var delivered = new Delivered($"message {number}", $"behind {number}", Now, state => state with { Cursor = $"behind {number}" });
            var (decision, after) = schedule.After(State, delivered, outcome, Now, chance: 0);
            Halves += schedule.IsHalfway(State, after, Now) ? 1 : 0;
            State = after;
            Now += then;
            return decision;
        }
    }
}
