namespace WebSmsGateway.Upstream;

/// <summary>
/// The closed list of failures of WEBSMS. <c>Errors/</c> has a row for each value. The values 1 to 4 are the <c>error_num</c> of the
/// protocol.
/// </summary>
internal enum UpstreamError
{
    /// <summary>error_num 1: login or password not given.</summary>
    CredentialsMissing = 1,

    /// <summary>error_num 2: wrong login or password. Further calls are held back for a while, so that the account is not locked.</summary>
    CredentialsRejected,

    /// <summary>error_num 3: wrong date format.</summary>
    InvalidDate,

    /// <summary>error_num 4: nothing was received in that time. This is an answer, unless a status is configured for it.</summary>
    NoRecords,

    /// <summary>Any other error_num.</summary>
    OtherErrorNumber,

    /// <summary>An answer that is not the protocol: HTML, empty, a redirect or HTTP 4xx.</summary>
    InvalidResponse,

    /// <summary>An answer that was cut before its end. The next attempt may bring it whole.</summary>
    Truncated,

    /// <summary>An answer that is longer than <c>Upstream:MaxAnswerMegabytes</c>. Asking for less may help.</summary>
    TooLong,

    /// <summary>Connection refused or reset, DNS, TLS, HTTP 5xx.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The circuit is open or too many calls are queued, so WEBSMS was not asked.</summary>
    Unavailable,

    /// <summary>Those who wait for the answer have as many questions waiting as they may, so WEBSMS was not asked.</summary>
    ShareUsedUp,
}

/// <summary>The failure of a question to WEBSMS.</summary>
/// <param name="Error">The kind of the failure.</param>
/// <param name="Detail">What happened. Callers see it, so it never has a URL, a credential, a number or a message text.</param>
/// <param name="ErrorNumber">The <c>error_num</c>, if WEBSMS answered with one.</param>
/// <param name="RetryAfter">When asking again makes sense, if that is known.</param>
internal sealed record UpstreamFailure(UpstreamError Error, string Detail, int? ErrorNumber = null, TimeSpan? RetryAfter = null);
