namespace WebSmsGateway.Upstream;

/// <summary>
/// Everything that WEBSMS can do wrong: a closed list. <c>Errors/</c> has a row for each value. The values 1 to 4 are the
/// <c>error_num</c> of the protocol.
/// </summary>
internal enum UpstreamError
{
    /// <summary>error_num 1: login or password not given.</summary>
    CredentialsMissing = 1,

    /// <summary>error_num 2: wrong login or password. Further calls are held back for a while, so that the account is not locked.</summary>
    CredentialsRejected,

    /// <summary>error_num 3: wrong date format.</summary>
    InvalidDate,

    /// <summary>error_num 4: nothing was received in that time. It is an answer, unless the operator chose a status for it.</summary>
    NoRecords,

    /// <summary>Any other error_num.</summary>
    OtherErrorNumber,

    /// <summary>An answer that is not the protocol: HTML, empty, a redirect or HTTP 4xx.</summary>
    InvalidResponse,

    /// <summary>An answer that ended before its end. The next one may be whole.</summary>
    Truncated,

    /// <summary>An answer that passed <c>Upstream:MaxAnswerMegabytes</c>. Asking for less may help.</summary>
    TooLong,

    /// <summary>Connection refused or reset, DNS, TLS, HTTP 5xx.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The circuit is open, or too many calls are queued: nothing was asked.</summary>
    Unavailable,
}

/// <summary>A question that WEBSMS did not answer, as a value.</summary>
/// <param name="Error">Which of the known faults.</param>
/// <param name="Detail">What happened, fit for a caller's eyes: never a URL, a credential, a number or a text.</param>
/// <param name="ErrorNumber">The protocol's number, where it was the protocol that refused.</param>
/// <param name="RetryAfter">When asking again makes sense, where that is known.</param>
internal sealed record UpstreamFailure(UpstreamError Error, string Detail, int? ErrorNumber = null, TimeSpan? RetryAfter = null);
