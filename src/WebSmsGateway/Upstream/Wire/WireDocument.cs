namespace WebSmsGateway.Upstream.Wire;

/// <summary>How an answer ends.</summary>
internal enum WireEnd
{
    /// <summary>
    /// Nothing shows whether something is missing. This is TXT without a length, and JSON whose last quote may belong to a text.
    /// </summary>
    Unproven,

    /// <summary>
    /// The answer is complete: the closing <c>]</c>, <c>}</c> or <c>&lt;/XML&gt;</c> is there, or for TXT, which has no end mark,
    /// the transport told the length. What stands behind an end mark does not count.
    /// </summary>
    Proven,

    /// <summary>The answer was cut: its records, if there are any, are followed by a break or by an error page.</summary>
    Cut,
}

/// <summary>What a parser made of the bytes of one answer. Parsers never throw; whatever is wrong is said here.</summary>
internal sealed record WireDocument
{
    /// <summary>An answer that is not the protocol: HTML, nothing, or damage beyond reading.</summary>
    public static readonly WireDocument NotTheProtocol = new();

    /// <summary>Whether the bytes were recognised as an answer of <c>http_feedback.asp</c> at all.</summary>
    public bool IsProtocol { get; init; }

    /// <summary>The format that the bytes are in, which need not be the one that was asked for.</summary>
    public WireFormat Format { get; init; }

    /// <summary>How the answer ends. The whole records before a cut are in <see cref="Records"/>.</summary>
    public WireEnd End { get; init; }

    public bool IsWhole => End == WireEnd.Proven;

    /// <summary>The verdict: an <c>error_num</c> outside any message; null or 0 means none, -1 that the number could not be read.</summary>
    public int? ErrorNumber { get; init; }

    /// <summary>The readable records, in the order of the answer, exact repeats included.</summary>
    public IReadOnlyList<WireRecord> Records { get; init; } = [];

    /// <summary>The records that could not be read, or not with certainty.</summary>
    public IReadOnlyList<WireProblem> Problems { get; init; } = [];

    /// <summary>Whether the strict reading failed and the anchors of the format were used instead.</summary>
    public bool WasRecovered { get; init; }
}
