namespace WebSmsGateway.Upstream.Wire;

/// <summary>Why a record could not be read, or not be read with certainty.</summary>
internal enum WireProblemReason
{
    /// <summary>The date is missing or is none.</summary>
    UnreadableDate,

    /// <summary>The rented number is missing or is none.</summary>
    UnreadableNumber,

    /// <summary>The record's structure is damaged: fields are missing or cannot be told apart.</summary>
    UnreadableRecord,

    /// <summary>The record was read, but its text holds what looks like the wire's own syntax, so its borders are not certain.</summary>
    AmbiguousText,

    /// <summary>The record was read, but some of its characters could not be decoded and were replaced by U+FFFD.</summary>
    UnreadableCharacters,
}

/// <summary>A record that could not be read, or not with certainty.</summary>
/// <param name="Position">Place of the record in the answer, from 1.</param>
/// <param name="Date">Its date, where that much could be read.</param>
/// <param name="Reason">What is wrong with it.</param>
internal readonly record struct WireProblem(int Position, DateTime? Date, WireProblemReason Reason);
