using System.Text.Json.Serialization;

namespace WebSmsGateway.Simulator.Behaviour;

/// <summary>
/// How records are written. The vendor's examples of the three formats differ from each other. Null means the form in the example of
/// the format.
/// </summary>
public sealed record FormatVariant
{
    /// <summary>The format of every answer; null for the format that the call asks for.</summary>
    public AnswerFormat? Forced { get; init; }

    /// <summary>The name of the date. Examples: <c>in_date</c> in TXT and XML, <c>sms_date</c> in JSON.</summary>
    public DateField? DateField { get; init; }

    /// <summary>
    /// Whether <c>&lt;message&gt;</c> stands inside <c>&lt;httpOut&gt;</c> rather than directly under <c>&lt;XML&gt;</c>.
    /// </summary>
    public bool HttpOut { get; init; } = true;

    /// <summary>Whether a sender's number begins with <c>+</c>. Example: in XML only.</summary>
    public bool? Plus { get; init; }

    /// <summary>Whether hours have two digits. Example: not in JSON.</summary>
    public bool? TwoDigitHours { get; init; }

    /// <summary>
    /// White space before <c>=</c> in XML: true for each attribute, false for none. Example: before that of <c>rentnum</c>.
    /// </summary>
    public bool? SpaceBeforeEquals { get; init; }

    /// <summary>
    /// Whether no-break spaces (U+00A0), as in the vendor's document, stand between XML attributes. That is not well-formed.
    /// </summary>
    public bool NoBreakSpaces { get; init; }

    /// <summary>Whether blank lines stand between TXT fields.</summary>
    public bool BlankLines { get; init; }

    /// <summary>Whether the last two TXT fields are joined without a line break: <c>telnum=79036800129message=Тест</c>.</summary>
    public bool Glued { get; init; }

    /// <summary>How lines end.</summary>
    public LineEnd LineEnd { get; init; }

    /// <summary>Whether JSON and XML are one line without insignificant white space.</summary>
    public bool SingleLine { get; init; }

    /// <summary>Letter case of element and field names.</summary>
    public NameCase Names { get; init; }

    /// <summary>Whether nothing is escaped: a quote in a text ends the JSON string, <c>&lt;</c> opens an element.</summary>
    public bool Unescaped { get; init; }

    /// <summary>How an SMS without text is written.</summary>
    public EmptyText EmptyText { get; init; }

    /// <summary>The order of the records.</summary>
    public RecordOrder Order { get; init; }

    /// <summary>Whether each record comes twice.</summary>
    public bool Duplicated { get; init; }

    /// <summary>Whether the answer has records outside the asked window, too.</summary>
    public bool IgnoreWindow { get; init; }

    /// <summary>Whether the answer has records of other rented numbers and senders than the asked ones, too.</summary>
    public bool IgnoreNumbers { get; init; }

    /// <summary>
    /// The verdict as sibling endpoints give it: <c>error_num</c> on the XML wrapper or as a TXT line, 0 for success, and in
    /// JSON an error under the key <c>error_num</c> instead of <c>error error_num</c>.
    /// </summary>
    public bool VerdictOnWrapper { get; init; }

    /// <summary>The section that the verdict of TXT stands under, such as <c>Error</c> for <c>[Error]</c>; null: none.</summary>
    public string? VerdictSection { get; init; }

    /// <summary>
    /// The key of an error's number in JSON, such as <c>err_num</c> or <c>error</c>; null: as <see cref="VerdictOnWrapper"/> says.
    /// </summary>
    public string? ErrorKey { get; init; }

    /// <summary>What stands before every answer, such as white space or a second mark; null: nothing.</summary>
    public string? Before { get; init; }

    /// <summary>What stands behind every answer, such as a comment or a NUL; null: nothing.</summary>
    public string? Behind { get; init; }
}

public enum AnswerFormat
{
    Txt,
    Xml,
    Json,
}

public enum DateField
{
    [JsonStringEnumMemberName("in_date")]
    InDate,

    [JsonStringEnumMemberName("sms_date")]
    SmsDate,
}

public enum LineEnd
{
    CrLf,
    Lf,
}

public enum NameCase
{
    AsDocumented,
    Upper,
    Lower,
}

public enum EmptyText
{
    /// <summary>An empty value: <c>message=</c>, <c>"message":""</c>, <c>&lt;message …&gt;&lt;/message&gt;</c>.</summary>
    Empty,

    /// <summary>None at all: no line, no key, <c>&lt;message …/&gt;</c>.</summary>
    Missing,
}

public enum RecordOrder
{
    Asc,
    Desc,

    /// <summary>Another order in each call.</summary>
    Shuffled,
}
