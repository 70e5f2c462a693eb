namespace WebSmsGateway.Simulation.Worlds;

/// <summary>What can happen in a world.</summary>
internal enum What
{
    /// <summary>WEBSMS receives Count messages of one second, and reports the last Part of them Late.</summary>
    Receive,

    /// <summary>WEBSMS receives Count equal messages of one second; the last is reported Late.</summary>
    ReceiveEqual,

    /// <summary>WEBSMS dates a message Late after it received it.</summary>
    ReceiveDatedAhead,

    /// <summary>The next Count answers, or all of Span, lack known messages; Part is how.</summary>
    Forget,

    /// <summary>The next Count answers have records that were not asked for: no others (Part 0), or besides (Part 1).</summary>
    Stray,

    /// <summary>The next Count answers, or all of Span, break off behind Part quarters of their records.</summary>
    Cut,

    /// <summary>For Span no question is answered.</summary>
    Hang,

    /// <summary>For Span each question fails at once.</summary>
    Fail,

    /// <summary>For Span each question fails that touches the day Count days ago.</summary>
    FailDay,

    /// <summary>For Span each answer takes Late longer.</summary>
    Slow,

    /// <summary>For Span the store does not answer.</summary>
    LoseStore,

    /// <summary>The store loses everything.</summary>
    FlushStore,

    /// <summary>The store loses the writes of the last Span.</summary>
    FailOverStore,

    /// <summary>Heads in the store are what they were Span ago; values are as they are.</summary>
    ReplayStore,

    /// <summary>For Span the store takes Late for each call.</summary>
    SlowStore,

    /// <summary>For Span no notice arrives.</summary>
    LoseNotices,

    /// <summary>Replica Who is killed, and starts again after Span.</summary>
    Kill,

    /// <summary>A reader begins: its Ask, at replica Who.</summary>
    Begin,

    /// <summary>Reader Who reads Count pages at replica Part.</summary>
    Read,

    /// <summary>Reader Who waits Span at replica Part.</summary>
    Wait,

    /// <summary>Reader Who opens a stream at replica Part for Span.</summary>
    Stream,

    /// <summary>Somebody reads everything of the last Count days, newest first, at replica Part.</summary>
    Look,

    /// <summary>The clock of replica Who is put on by Late, or back where that is negative.</summary>
    StepClock,

    /// <summary>The clock of the store is put on by Late, or back.</summary>
    StepStoreClock,

    /// <summary>The clock of WEBSMS is put on by Late, or back.</summary>
    StepWebsmsClock,

    /// <summary>The next Count answers, or all of Span, have a record that cannot be read; Part is which, and how much of it can be read.</summary>
    Garble,

    /// <summary>The store lets values go: half of them (Part 0), all (Part 1), or the heads (Part 2).</summary>
    EvictStore,

    /// <summary>For Span receiver Who fails half of the requests; Part is how.</summary>
    FailReceiver,

    /// <summary>For Span receiver Who accepts no connection.</summary>
    LoseReceiver,

    /// <summary>For Span receiver Who answers Late.</summary>
    HangReceiver,

    /// <summary>Receiver Who answers the next request with 410.</summary>
    EndReceiver,

    /// <summary>The process to which receiver Who next gives a success is killed Late after that, and starts again after Span.</summary>
    KillAfterAnswer,

    /// <summary>The process to which receiver Who next gives a success is frozen for Span, Late after that.</summary>
    FreezeAfterAnswer,

    /// <summary>Replica Who is frozen for Span.</summary>
    Freeze,

    /// <summary>The owner of receiver Who pauses its webhook for Span, at replica Part.</summary>
    Pause,

    /// <summary>The owner of receiver Who has the last Count messages replayed, and all that is parked, at replica Part.</summary>
    Replay,
}

/// <summary>One event of a history. It stands for itself, so that a history without it can be played too.</summary>
internal sealed record Happening(TimeSpan At, What What)
{
    public int Who { get; init; }

    public int Count { get; init; }

    public int Part { get; init; }

    public TimeSpan Span { get; init; }

    public TimeSpan Late { get; init; }

    public Ask? Ask { get; init; }

    public override string ToString()
    {
        var text = $"{At:d\\.hh\\:mm\\:ss\\.ff} {What}";
        var hasWho = What is What.Kill or What.StepClock or What.Begin or What.Read or What.Wait or What.Stream or What.Receive or What.ReceiveEqual or >= What.FailReceiver;
        text += hasWho ? $" #{Who}" : "";
        text += Count != 0 ? $" count {Count}" : "";
        text += Part != 0 ? What is What.Read or What.Wait or What.Stream or What.Look ? $" at replica {Part}" : $" part {Part}" : "";
        text += Span != default ? $" for {Span:c}" : "";
        text += Late != default ? $" late {Late:c}" : "";
        return Ask is null ? text : $"{text} {Ask}";
    }
}

/// <summary>A world and what happens in it.</summary>
internal sealed record History(WorldSetting Setting, IReadOnlyList<Happening> Happenings)
{
    public override string ToString() => Setting + "\n" + string.Join('\n', Happenings.Select(happening => "  " + happening));
}
