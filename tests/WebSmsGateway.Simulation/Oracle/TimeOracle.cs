using WebSmsGateway.Archive.Following;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Oracle;

/// <summary>Holds answers against the clock: how old they are, how long they take, and whether they fail for a reason.</summary>
internal sealed class TimeOracle(World world)
{
    private static readonly TimeSpan MaxStale = TimeSpan.FromHours(1);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    // A process that is killed may hold the right to ask, and delays the others until it ends.
    private static readonly TimeSpan LeaseOfTheDead = TimeSpan.FromSeconds(3);

    // A call of the store may take its whole limit, and each answer of the archive takes a few of them.
    private TimeSpan StoreTime => world.Store is null || !Replica.UsesStore ? TimeSpan.Zero : TimeSpan.FromSeconds(1);

    /// <summary>
    /// A <c>Date</c> has whole seconds and is written within the time of an answer. Where it shows that the clocks differ, an answer counts as
    /// older by so much as it may be.
    /// </summary>
    private TimeSpan ClockUncertainty => TimeSpan.FromSeconds(1) + world.Setting.Latency;

    /// <summary>Whether nothing has failed for long enough, so that nothing may be wrong with answers.</summary>
    public bool IsQuiet(TimeSpan since) =>
        world.Websms.Faults.DisturbedUntil + world.Setting.Freshness + TimeSpan.FromSeconds(90) < since
        && (world.Store is null || (world.Store.DisturbedUntil + TimeSpan.FromSeconds(60) < since
            && world.Runs.All(run => run.KilledAt is not { } killed || killed + LeaseOfTheDead < since)));

    public void Page(PageCall call, PageReading reading)
    {
        var elapsed = world.Time.Elapsed - call.AskedAt;
        if (IsAllHeld(call) && !world.Clocks.WasFrozen(call.Run, call.AskedAt) && elapsed > WorldSetting.AnswerWithin + Tolerance + StoreTime)
        {
            world.Report(
                Promise.AnswerWithin, $"{call.Walk} waited {elapsed.TotalSeconds:0.0} s at {call.Run} for what it has known before.");
        }

        CheckFailure(call, reading);
        CheckStaysComplete(call, reading);
        if (reading.Page is not { } page || !IsQuiet(call.AskedAt) || page.Items.Count >= call.Limit
            || (!call.Walk.Ask.IsAscending && !call.IsFirst))
        {
            return;
        }

        var now = Earliest(
            call.Run.Clock.GetUtcNow(), world.Websms.Now, world.Time.Now, world.Time.Start + (world.Store?.Now ?? world.Time.Elapsed)) - elapsed;
        var age = now - page.CompleteUntil;
        if (age > world.Setting.Freshness + world.Setting.Latency + StoreTime + Tolerance + ClockUncertainty && page.CompleteUntil > call.Walk.Start)
        {
            world.Report(Promise.Fresh, $"{call.Walk} was given an answer {age.TotalSeconds:0.0} s old by {call.Run}.");
        }
    }

    public void Wait(PageCall call, TimeSpan wait, PageReading? reading)
    {
        var elapsed = world.Time.Elapsed - call.AskedAt;
        if (elapsed > wait + TimeSpan.FromSeconds(1.05) + StoreTime && !world.Clocks.WasFrozen(call.Run, call.AskedAt))
        {
            world.Report(
                Promise.WaitEnds,
                $"{call.Walk} waited {elapsed.TotalSeconds:0.0} s at {call.Run} and asked for {wait.TotalSeconds:0.0} s.");
        }

        // A short wait may end before an answer can be there, and then it has the last good one.
        if (reading is not null && wait > StoreTime + (2 * world.Setting.Latency))
        {
            CheckFailure(call, reading);
        }
    }

    public StreamWatch Stream(PageCall call) => new(world, call);

    /// <summary>What WEBSMS reported at once while the stream was open has to have come soon.</summary>
    public void EndOfStream(StreamWatch watch)
    {
        if (watch.ReadyAt is not { } ready)
        {
            return;
        }

        var walk = watch.Call.Walk;
        var bound = world.Setting.Freshness + (2 * world.Setting.Latency) + StoreTime + TimeSpan.FromSeconds(1.5);
        foreach (var sms in world.Websms.All)
        {
            var copy = sms.Copies[0];
            if (copy.IsPrompt && copy.ReportedAt > ready && copy.ReportedAt + bound < world.Time.Elapsed && IsQuiet(copy.ReportedAt)
                && sms.Dated <= world.Time.Start + copy.ReceivedAt + world.Clocks.AheadOfWebsmsAt(copy.ReceivedAt)
                && walk.Matches(sms) && sms.Dated > (walk.Ask.IsFromNow ? walk.Moment : walk.Start) && copy.LackedSince is null
                && !(watch.GivenAt.TryGetValue(sms, out var at) && at <= copy.ReportedAt + bound))
            {
                world.Report(Promise.SoonDelivered, $"A stream of {walk} at {watch.Call.Run} did not have {sms} in time.");
            }
        }
    }

    private static DateTimeOffset Earliest(params ReadOnlySpan<DateTimeOffset> moments)
    {
        var earliest = moments[0];
        foreach (var moment in moments)
        {
            earliest = moment < earliest ? moment : earliest;
        }

        return earliest;
    }

    private void CheckFailure(PageCall call, PageReading reading)
    {
        var text = reading.Failure is { } failure ? failure.Error.ToString() : reading.Page!.Stale ? "a stale answer" : null;
        if (text is not null && IsQuiet(call.AskedAt))
        {
            world.Report(Promise.FailsTruly, $"{call.Walk} was given {text} by {call.Run} while nothing fails.");
        }
    }

    /// <summary>
    /// A full page ends at its last message, memory that lets days go knows less than before, a last good answer is not given for ever, and
    /// another process may have an answer that is still fresh.
    /// </summary>
    private void CheckStaysComplete(PageCall call, PageReading reading)
    {
        var walk = call.Walk;
        if (reading.Page is not { } page || walk is not { Ask.IsAscending: true, IsLastPageFull: false, LastPage: { } last }
            || page.Items.Count >= call.Limit || reading.Next?.Epoch != walk.NamedEpoch || world.EpochOf(call.Run) != walk.Epoch
            || world.Setting.IsMemoryTight || world.Clocks.SteppedAt >= last.AskedAt - (2 * WorldSetting.Timeout)
            || world.Time.Now - last.CompleteUntil > MaxStale - TimeSpan.FromMinutes(10)
            || (last.Run != call.Run && world.Clocks.WasFrozen(call.Run, call.AskedAt - TimeSpan.FromSeconds(3)))
            || (walk.Ask.IsFromNow && last.CompleteUntil <= walk.OwnMoment.AddSeconds(1)))
        {
            return;
        }

        var slack = ClockUncertainty + (last.Run == call.Run ? TimeSpan.Zero : world.Setting.Freshness + world.Setting.Latency);
        if (page.CompleteUntil + slack < last.CompleteUntil)
        {
            world.Report(Promise.StaysComplete, $"{walk} was complete until {last.CompleteUntil:HH:mm:ss} at {last.Run}, and is until {page.CompleteUntil:HH:mm:ss} at {call.Run}.");
        }
    }

    /// <summary>Whether the process holds a last good answer for every day of the walk, on whichever day its clocks stand.</summary>
    private bool IsAllHeld(PageCall call)
    {
        if (world.Setting.IsMemoryTight)
        {
            return false;
        }

        var days = call.Run.KnowledgeOf(call.Walk.Ask.Number).Days;
        var last = world.Zone.DayOf(world.Time.Now.AddMinutes(6));
        for (var day = world.Zone.DayOf(call.Walk.Start.AddMinutes(-13)); day <= last; day = day.AddDays(1))
        {
            if (!days.TryGetValue(day, out var told) || told >= call.AskedAt
                || (call.AskedAt - told >= MaxStale - TimeSpan.FromMinutes(1) && day >= last.AddDays(-8)))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>What a stream gave, and when.</summary>
internal sealed class StreamWatch(World world, PageCall call)
{
    public PageCall Call => call;

    /// <summary>When the stream first had given everything.</summary>
    public TimeSpan? ReadyAt { get; private set; }

    /// <summary>When the page before was there. The next one was not asked for earlier.</summary>
    public TimeSpan LastReadAt { get; private set; } = call.AskedAt;

    public Dictionary<Sms, TimeSpan> GivenAt { get; } = [];

    public void Read(PageReading reading)
    {
        LastReadAt = world.Time.Elapsed;
        foreach (var item in reading.Page?.Items ?? [])
        {
            if (Sms.IndexOf(item.Text) is var index and >= 0)
            {
                GivenAt.TryAdd(world.Websms.All[index], world.Time.Elapsed);
            }
        }

        if (reading.Page is { Items.Count: 0 })
        {
            ReadyAt ??= world.Time.Elapsed;
        }
    }
}
