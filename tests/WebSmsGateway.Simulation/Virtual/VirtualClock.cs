namespace WebSmsGateway.Simulation.Virtual;

/// <summary>The clock of one process, which may differ from the true time. Its timers end with the process.</summary>
internal sealed class VirtualClock(VirtualTime time, TimeSpan ahead) : TimeProvider
{
    /// <summary>How far the clock is ahead of the true time. Somebody may put it on or back.</summary>
    public TimeSpan Ahead { get; set; } = ahead;

    /// <summary>Whether the process was killed.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Until when the process does nothing.</summary>
    public TimeSpan FrozenUntil { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        time.CheckThread();
        return time.Now + Ahead;
    }

    public override long GetTimestamp() => time.Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(time, this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>A timer of a world.</summary>
internal sealed class VirtualTimer(VirtualTime time, VirtualClock clock, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan period;
    private int version;

    public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
    {
        period = newPeriod;
        version++;
        if (dueTime >= TimeSpan.Zero)
        {
            time.Add(this, version, dueTime);
        }

        return true;
    }

    public void Dispose() => version++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Fire(int dueVersion)
    {
        if (dueVersion != version || clock.IsStopped)
        {
            return;
        }

        if (clock.FrozenUntil > time.Elapsed)
        {
            time.Add(this, version, clock.FrozenUntil - time.Elapsed);
            return;
        }

        if (period > TimeSpan.Zero)
        {
            time.Add(this, version, period);
        }

        callback(state);
    }
}
