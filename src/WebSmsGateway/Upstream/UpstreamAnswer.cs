using WebSmsGateway.Upstream.Wire;
using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream;

/// <summary>One question to WEBSMS, in the account's wall-clock time.</summary>
/// <param name="RentedNumber">The number asked about, <c>7XXXYYYYYYY</c>; null for all numbers of the account.</param>
/// <param name="From">First second, inclusive.</param>
/// <param name="Through">Last second, inclusive: the protocol's dates have no fractions.</param>
internal sealed record UpstreamQuestion(RentedNumber? RentedNumber, DateTime From, DateTime Through);

/// <summary>What WEBSMS said to one question: a verified answer, or the failure.</summary>
internal sealed record UpstreamAnswer
{
    /// <summary>Why there is no answer; null when there is one.</summary>
    public UpstreamFailure? Failure { get; private init; }

    /// <summary>When the successful attempt was sent. What arrived at WEBSMS before this moment is in the answer.</summary>
    public DateTimeOffset AskedAt { get; private init; }

    /// <summary>The records inside the asked window and of the asked number, in the order of the answer, exact repeats included.</summary>
    public IReadOnlyList<WireRecord> Records { get; private init; } = [];

    /// <summary>Records that could not be read, or not with certainty, unless their date is known to lie outside the window.</summary>
    public IReadOnlyList<WireProblem> Problems { get; private init; } = [];

    /// <summary>Whether the end of the answer is proven. No day ever becomes final from an answer without that proof.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Length of the answer in bytes.</summary>
    public long Bytes { get; private init; }

    /// <summary>How many records were dropped because they lie outside the window or belong to another number.</summary>
    public int Strays { get; private init; }

    public static UpstreamAnswer Failed(UpstreamFailure failure) => new() { Failure = failure };

    public static UpstreamAnswer Verified(
        DateTimeOffset askedAt, IReadOnlyList<WireRecord> records, IReadOnlyList<WireProblem> problems, bool isWhole, long bytes,
        int strays = 0) =>
        new() { AskedAt = askedAt, Records = records, Problems = problems, IsWhole = isWhole, Bytes = bytes, Strays = strays };
}
