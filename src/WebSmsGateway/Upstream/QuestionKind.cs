namespace WebSmsGateway.Upstream;

/// <summary>
/// What a question is about. Each kind has turns and a circuit breaker of its own, so that questions that WEBSMS answers slowly hold back no
/// others.
/// </summary>
internal enum QuestionKind
{
    /// <summary>The tail of a day that is not settled. It is asked first, because it brings news.</summary>
    Tail,

    /// <summary>A day, or what is not settled.</summary>
    Day,

    /// <summary>Several settled days. If it is not answered in time, that says nothing about WEBSMS as a whole.</summary>
    Range,
}
