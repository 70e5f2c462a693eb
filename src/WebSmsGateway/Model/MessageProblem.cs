using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSmsGateway.Model;

/// <summary>A record of WEBSMS that could not be read, or not with certainty.</summary>
/// <param name="Day">The local day in whose answer it stood.</param>
/// <param name="Position">Its place in that answer, from 1.</param>
/// <param name="Reason">
/// One of <c>unreadable-date</c>, <c>unreadable-number</c>, <c>unreadable-record</c>: the message is missing here. Or
/// <c>ambiguous-text</c>, <c>unreadable-characters</c>: it is here, but its text may differ from what was sent.
/// </param>
internal sealed record MessageProblem(DateOnly Day, int Position, ProblemReason Reason);

/// <summary>Why a record could not be read, or not be read with certainty.</summary>
[JsonConverter(typeof(TextOfReason))]
internal enum ProblemReason
{
    /// <summary>The date is missing or is not a date.</summary>
    UnreadableDate,

    /// <summary>The rented number is missing or is not a number.</summary>
    UnreadableNumber,

    /// <summary>The record's structure is damaged: fields are missing or cannot be told apart.</summary>
    UnreadableRecord,

    /// <summary>The record was read, but its text holds what looks like the wire's own syntax, so its borders are not certain.</summary>
    AmbiguousText,

    /// <summary>The record was read, but some of its characters could not be decoded and were replaced by U+FFFD.</summary>
    UnreadableCharacters,
}

/// <summary>The names of reasons, as callers and Redis have them: <c>unreadable-date</c>.</summary>
internal static class ProblemReasons
{
    public static string Name(this ProblemReason reason) => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());

    /// <summary>Reads a name.</summary>
    public static ProblemReason Parse(string name) =>
        Enum.GetValues<ProblemReason>().Cast<ProblemReason?>().FirstOrDefault(reason => reason!.Value.Name() == name)
            ?? throw new FormatException("There is no such reason.");
}

/// <summary>Writes reasons by name.</summary>
internal sealed class TextOfReason() : JsonStringEnumConverter<ProblemReason>(JsonNamingPolicy.KebabCaseLower);
