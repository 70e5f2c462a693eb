using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Upstream;

/// <summary>Decides what a document that came with HTTP 200 means for the question that was asked: 200 itself says nothing.</summary>
internal static class AnswerReading
{
    /// <param name="question">The question.</param>
    /// <param name="document">What was read from the answer.</param>
    /// <param name="askedAt">When the question was sent.</param>
    /// <param name="ahead">How far the clock of WEBSMS is ahead of ours.</param>
    /// <param name="bytes">The length of the answer.</param>
    public static Attempt Judge(
        UpstreamQuestion question, WireDocument document, DateTimeOffset askedAt, TimeSpan ahead, long bytes)
    {
        if (document is { End: WireEnd.Cut, ErrorNumber: null or 0 or 4 })
        {
            return JudgeCut(question, document, askedAt, ahead, bytes);
        }

        if (!document.IsProtocol)
        {
            return Attempt.Invalid("The answer is not in the protocol of http_feedback.asp.");
        }

        if (document.ErrorNumber is { } number and not 0 and not 4)
        {
            return Attempt.Failed(FailureOf(number));
        }

        if (document.ErrorNumber == 4 && (document.Records.Count > 0 || document.Problems.Count > 0))
        {
            return Attempt.Invalid("The answer holds records and says that there are none.");
        }

        // WEBSMS ignored the window. Such an answer says nothing about the asked days, least of all that they are empty.
        if (document.Records.Count > 0 && !document.Records.Any(record => IsOfAskedDay(question, record.Date)))
        {
            return Attempt.Invalid("The answer has records, and none of them is of a day that was asked for.");
        }

        var records = Attributed(question, document.Records);
        var strays = document.Records.Count - records.Count;
        return new Attempt(UpstreamAnswer.Verified(
            askedAt, records, Attributed(question, document.Problems), document.IsWhole, bytes, strays, ahead));
    }

    /// <summary>
    /// A cut answer is worth the whole records before the cut. Another attempt may bring all of them. Without any it is a failure.
    /// </summary>
    private static Attempt JudgeCut(
        UpstreamQuestion question, WireDocument document, DateTimeOffset askedAt, TimeSpan ahead, long bytes)
    {
        var records = Attributed(question, document.Records);
        if (records.Count == 0 || document.ErrorNumber == 4)
        {
            return Attempt.Cut;
        }

        var answer = UpstreamAnswer.Verified(
            askedAt, records, Attributed(question, document.Problems), isWhole: false, bytes, document.Records.Count - records.Count, ahead,
            isCut: true);
        return new Attempt(answer, IsNetworkFault: true);
    }

    private static UpstreamFailure FailureOf(int number) => (UpstreamError)number switch
    {
        UpstreamError.CredentialsMissing and var error => new(error, "WEBSMS says that login or password were not given.", number),
        UpstreamError.CredentialsRejected and var error => new(error, "WEBSMS rejected the gateway's login or password.", number),
        UpstreamError.InvalidDate and var error => new(error, "WEBSMS rejected a date.", number),
        _ => new(UpstreamError.OtherErrorNumber, $"WEBSMS answered error_num {number}.", number),
    };

    private static IReadOnlyList<WireRecord> Attributed(UpstreamQuestion question, IReadOnlyList<WireRecord> records)
    {
        var number = question.RentedNumber?.ToString();
        bool Belongs(WireRecord record) =>
            IsAsked(question, record.Date) && (number is null || record.RentNum.AsSpan().TrimStart('+').SequenceEqual(number));

        // Nearly always everything belongs, and an answer can have 100,000 records: no copy then.
        return records.All(Belongs) ? records : [.. records.Where(Belongs)];
    }

    private static IReadOnlyList<WireProblem> Attributed(UpstreamQuestion question, IReadOnlyList<WireProblem> problems) =>
        [.. problems.Where(problem => problem.Date is not { } date || IsAsked(question, date))];

    private static bool IsOfAskedDay(UpstreamQuestion question, DateTime date) =>
        date.Date >= question.From.Date && date.Date <= question.Through.Date;

    private static bool IsAsked(UpstreamQuestion question, DateTime date) => date >= question.From && date <= question.Through;
}
