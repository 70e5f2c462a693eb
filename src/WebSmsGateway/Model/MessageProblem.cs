using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSmsGateway.Model;

/// <summary>What is not certain about a day: one record of WEBSMS, or a count of messages. Of a day at most 100 records are listed.</summary>
/// <param name="Day">The local day.</param>
/// <param name="Position">
/// Of one record: its place in the answer of the day, from 1. Only for callers of all numbers where the answer is about all of them.
/// </param>
/// <param name="Count">Of a day: how many messages or records it concerns.</param>
/// <param name="More">How many further records of the day have this reason, besides the listed ones.</param>
/// <param name="Reason">
/// Of one record <c>unreadable-date</c>, <c>unreadable-number</c>, <c>unreadable-record</c>: the message is missing here. Or
/// <c>ambiguous-text</c>, <c>unreadable-characters</c>: it is here, but its text may differ from what was sent. Of a day
/// <c>no-longer-reported</c>: known messages that the newest answer lacks; they are still given. <c>outside-of-question</c>: records that were
/// not asked for; they are not given. Or <c>answer-cut</c>: whole records were followed by a break or an error; they are given, the day is not
/// complete.
/// </param>
internal sealed record MessageProblem(
    DateOnly Day,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Position,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? More,
    ProblemReason Reason)
{
    /// <summary>The number that received the record; null where it could not be read. Callers who may not read it are not given the problem.</summary>
    [JsonIgnore]
    public RentedNumber? Number { get; init; }

    /// <summary>A problem of one record.</summary>
    public static MessageProblem OfRecord(DateOnly day, int position, ProblemReason reason, RentedNumber? number = null) =>
        new(day, position, null, null, reason) { Number = number };

    /// <summary>A problem of a day.</summary>
    public static MessageProblem OfDay(DateOnly day, int count, ProblemReason reason) => new(day, null, count, null, reason);

    /// <summary>The records of a day that are not listed.</summary>
    public static MessageProblem OfRest(DateOnly day, int more, ProblemReason reason) => new(day, null, null, more, reason);
}

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

    /// <summary>Known messages that the newest answer lacks. They are still given.</summary>
    NoLongerReported,

    /// <summary>Records that were not asked for. They are not given.</summary>
    OutsideOfQuestion,

    /// <summary>Whole records were followed by a break or an error. They are given, and the day is not complete.</summary>
    AnswerCut,
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
