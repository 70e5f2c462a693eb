using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Upstream;

/// <summary>One question to WEBSMS, in the account's wall-clock time.</summary>
/// <param name="RentedNumber">The number asked about; null for all numbers of the account.</param>
/// <param name="From">First second, inclusive.</param>
/// <param name="Through">Last second, inclusive. The dates of the protocol have no fractions.</param>
internal sealed record UpstreamQuestion(RentedNumber? RentedNumber, DateTime From, DateTime Through)
{
    public QuestionKind Kind { get; init; } = QuestionKind.Day;

    /// <summary>Who waits for the answer.</summary>
    public Askers Askers { get; init; } = new(Askers.Gateway);

    /// <summary>How many days it covers.</summary>
    public int Days => (Through.Date - From.Date).Days + 1;

    /// <summary>Whether a failure is that of this question alone, and says nothing about WEBSMS: a range may just be too long.</summary>
    public bool IsFailureItsOwn(UpstreamFailure? failure) => Kind == QuestionKind.Range && failure?.Error == UpstreamError.Timeout;
}

/// <summary>The result of one question: a verified answer or the failure.</summary>
internal sealed record UpstreamAnswer
{
    /// <summary>The failure; null if there is an answer.</summary>
    public UpstreamFailure? Failure { get; private init; }

    /// <summary>When the successful attempt was sent. What arrived at WEBSMS before this moment is in the answer.</summary>
    public DateTimeOffset AskedAt { get; private init; }

    /// <summary>
    /// How far the clock of WEBSMS is ahead of ours, as the <c>Date</c> header of the answer shows. Zero if the clocks may agree, or if
    /// there is no header.
    /// </summary>
    public TimeSpan Ahead { get; private init; }

    /// <summary>The records of the asked window and number in the order of the answer, exact repeats included.</summary>
    public IReadOnlyList<WireRecord> Records { get; private init; } = [];

    /// <summary>Records that could not be read, or not with certainty, unless their date is known to lie outside the window.</summary>
    public IReadOnlyList<WireProblem> Problems { get; private init; } = [];

    /// <summary>Whether the end of the answer is proven. A day cannot become final without that proof.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>
    /// Whether the answer broke off, or ended in an error page, behind whole records. They are here, and nobody knows what is missing.
    /// </summary>
    public bool IsCut { get; private init; }

    public long Bytes { get; private init; }

    /// <summary>How many records were dropped because they lie outside the window or belong to another number.</summary>
    public int Strays { get; private init; }

    /// <summary>The room that its records take until they are merged. Whoever asked gives it back; null where none was taken.</summary>
    public IDisposable? Room { get; init; }

    /// <summary>This answer and one about the time behind it. What arrived before the first question was sent is in it.</summary>
    public UpstreamAnswer Then(UpstreamAnswer later) => this with
    {
        Records = [.. Records, .. later.Records],
        Problems = [.. Problems, .. later.Problems],
        IsWhole = IsWhole && later.IsWhole,
        IsCut = IsCut || later.IsCut,
        Bytes = Bytes + later.Bytes,
        Strays = Strays + later.Strays,
    };

    public static UpstreamAnswer Failed(UpstreamFailure failure) => new() { Failure = failure };

    public static UpstreamAnswer Verified(
        DateTimeOffset askedAt, IReadOnlyList<WireRecord> records, IReadOnlyList<WireProblem> problems, bool isWhole, long bytes,
        int strays = 0, TimeSpan ahead = default, bool isCut = false) => new()
        {
            AskedAt = askedAt,
            Ahead = ahead,
            Records = records,
            Problems = problems,
            IsWhole = isWhole,
            IsCut = isCut,
            Bytes = bytes,
            Strays = strays,
        };
}
