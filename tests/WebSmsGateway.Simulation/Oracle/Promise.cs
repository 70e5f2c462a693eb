namespace WebSmsGateway.Simulation;

/// <summary>What the gateway promises to its readers and to WEBSMS.</summary>
internal enum Promise
{
    /// <summary>A walk gives every message from its start on.</summary>
    NothingLost,

    /// <summary>A message that was reported late is on pages after the recheck that follows.</summary>
    ShownAfterRecheck,

    /// <summary>A message that was reported late is on pages of its open day after the whole read that follows.</summary>
    ReadWhole,

    /// <summary>A walk gives each message once; after the loss of an epoch at most the last two minutes again.</summary>
    NothingTwice,

    /// <summary>By time, and within one second as WEBSMS lists the messages.</summary>
    InOrder,

    /// <summary>A page has everything until its completeUntil.</summary>
    CompleteUntil,

    /// <summary>What a reader was told to be complete stays so: completeUntil does not move back while no epoch ends and no clock is put back.</summary>
    StaysComplete,

    /// <summary>A known message stays on pages, whatever one answer lacks.</summary>
    NothingDisappears,

    /// <summary>A page has only messages that WEBSMS reported and the query asks for.</summary>
    NothingInvented,

    /// <summary>An answer is at most as old as the freshness and the time of an answer.</summary>
    Fresh,

    /// <summary>A reader with a last good answer waits for a new one for AnswerWithin at most.</summary>
    AnswerWithin,

    /// <summary>A wait ends at its own time.</summary>
    WaitEnds,

    /// <summary>Waits and streams give a new message soon.</summary>
    SoonDelivered,

    /// <summary>A replica that watches a scope looks at its head soon after another one has replaced it.</summary>
    NoticeHeard,

    /// <summary>One question per scope and interval.</summary>
    OneQuestion,

    /// <summary>An answer is stale or an error only while something fails.</summary>
    FailsTruly,

    /// <summary>No exception, no logged defect.</summary>
    NoDefect,

    /// <summary>Work comes to an end.</summary>
    ComesToRest,

    /// <summary>A webhook delivers every message, or lists it as parked.</summary>
    WebhookDelivered,

    /// <summary>A webhook delivers in the order of the feed, one message after the other.</summary>
    WebhookOrder,

    /// <summary>A webhook delivers a message once, but for kills, freezes and what was lost.</summary>
    WebhookOnce,

    /// <summary>A message has one id, and all attempts have the same bytes.</summary>
    WebhookId,

    /// <summary>The state of a webhook is not moved back by a sender that has lost its right.</summary>
    WebhookFenced,

    /// <summary>A parked message stays parked until it is delivered.</summary>
    WebhookParked,
}

/// <summary>A promise that a world saw broken.</summary>
internal sealed record Breach(Promise Promise, TimeSpan At, string Text)
{
    public override string ToString() => $"{Promise} at {At:d\\.hh\\:mm\\:ss\\.ff}: {Text}";
}
