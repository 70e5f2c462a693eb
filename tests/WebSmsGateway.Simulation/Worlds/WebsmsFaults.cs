namespace WebSmsGateway.Simulation.Worlds;

/// <summary>What is wrong with WEBSMS, and when.</summary>
internal sealed class WebsmsFaults(WorldSetting setting)
{
    private readonly List<(What What, TimeSpan From, TimeSpan To, Happening Cause)> windows = [];
    private int forgetfulAnswers;
    private int forgetfulPart;
    private int cutAnswers;
    private int cutPart;
    private int strayAnswers;
    private int strayPart;
    private int garbledAnswers;
    private int garbledPart;
    private TimeSpan cutUntil;

    /// <summary>The end of the last window of a fault that began. Some time after it everything must be well again.</summary>
    public TimeSpan DisturbedUntil { get; private set; } = TimeSpan.FromSeconds(-3600);

    public void Begin(Happening happening)
    {
        if (happening.What == What.Forget && happening.Count > 0)
        {
            (forgetfulAnswers, forgetfulPart) = (happening.Count, happening.Part);
        }
        else if (happening.What == What.Cut && happening.Count > 0)
        {
            (cutAnswers, cutPart) = (happening.Count, happening.Part);
        }
        else if (happening.What == What.Garble && happening.Count > 0)
        {
            (garbledAnswers, garbledPart) = (happening.Count, happening.Part);
        }
        else if (happening.What == What.Stray)
        {
            (strayAnswers, strayPart) = (happening.Count, happening.Part);
        }
        else
        {
            windows.Add((happening.What, happening.At, happening.At + happening.Span, happening));
            Disturb(happening.At + happening.Span);
        }
    }

    /// <summary>Records that an answer of WEBSMS was wrong, so that its effects are excused for a while.</summary>
    public void Disturb(TimeSpan until) => DisturbedUntil = until > DisturbedUntil ? until : DisturbedUntil;

    /// <summary>Records that an answer was cut. A closed day is asked for again after five minutes only.</summary>
    public void DisturbByCut(TimeSpan now)
    {
        cutUntil = now + TimeSpan.FromMinutes(5);
        Disturb(cutUntil);
    }

    public void EndAll(TimeSpan now)
    {
        windows.Clear();
        (forgetfulAnswers, strayAnswers, cutAnswers, garbledAnswers) = (0, 0, 0, 0);
        DisturbedUntil = DisturbedUntil < now ? DisturbedUntil : now > cutUntil ? now : cutUntil;
    }

    public bool IsHanging(TimeSpan now) => Find(What.Hang, now) is not null;

    public bool IsFailing(TimeSpan now) => Find(What.Fail, now) is not null;

    public TimeSpan ExtraLatency(TimeSpan now) => Find(What.Slow, now)?.Late ?? TimeSpan.Zero;

    /// <summary>Whether questions that touch one of these days fail.</summary>
    public bool IsBadDay(TimeSpan now, DateTime from, DateTime through) => windows.Exists(window =>
        window.What == What.FailDay && window.From <= now && now < window.To
        && DayOf(window.Cause) is var day && from.Date <= day && day <= through.Date);

    /// <summary>How the next answer lacks known messages; null if it does not.</summary>
    public int? TakeForgetfulness(TimeSpan now, bool hasRecords)
    {
        if (forgetfulAnswers > 0 && hasRecords)
        {
            forgetfulAnswers--;
            return forgetfulPart;
        }

        return Find(What.Forget, now)?.Part;
    }

    /// <summary>Behind how many quarters of its records the next answer breaks off; null if it does not.</summary>
    public int? TakeCut(TimeSpan now)
    {
        if (cutAnswers > 0)
        {
            cutAnswers--;
            return cutPart;
        }

        return Find(What.Cut, now)?.Part;
    }

    /// <summary>Which record of the next answer cannot be read; null if all can.</summary>
    public int? TakeGarble(TimeSpan now) => garbledAnswers-- > 0 ? garbledPart : Find(What.Garble, now)?.Part;

    /// <summary>How the next answer strays; null if it does not.</summary>
    public int? TakeStray() => strayAnswers-- > 0 ? strayPart : null;

    private Happening? Find(What what, TimeSpan now)
    {
        foreach (var window in windows)
        {
            if (window.What == what && window.From <= now && now < window.To)
            {
                return window.Cause;
            }
        }

        return null;
    }

    private DateTime DayOf(Happening cause)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(setting.Zone);
        return TimeZoneInfo.ConvertTime(setting.Start + cause.At, zone).Date.AddDays(-cause.Count);
    }
}
