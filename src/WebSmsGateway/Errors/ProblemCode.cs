namespace WebSmsGateway.Errors;

/// <summary>
/// Everything that a caller can be told instead of what was asked for: a closed list, worded in <see cref="ProblemTable"/>.
/// </summary>
internal enum ProblemCode
{
    /// <summary>WEBSMS error_num 1.</summary>
    UpstreamCredentialsMissing,

    /// <summary>WEBSMS error_num 2.</summary>
    UpstreamCredentialsRejected,

    /// <summary>WEBSMS error_num 3.</summary>
    UpstreamInvalidDate,

    /// <summary>WEBSMS error_num 4, where the operator gave it a status other than 200; otherwise it is an empty page.</summary>
    UpstreamNoRecords,

    /// <summary>Any other error_num.</summary>
    UpstreamError,

    /// <summary>An answer that is not the protocol.</summary>
    UpstreamInvalidResponse,

    /// <summary>Connection refused, DNS, TLS, HTTP 5xx.</summary>
    UpstreamUnreachable,

    /// <summary>No answer in time.</summary>
    UpstreamTimeout,

    /// <summary>Circuit open, or too many calls queued.</summary>
    UpstreamUnavailable,

    /// <summary>Bad parameter.</summary>
    InvalidRequest,

    /// <summary>No or wrong credentials of the caller.</summary>
    Unauthenticated,

    /// <summary>Tokens cannot be checked, because their issuer cannot be reached.</summary>
    AuthenticationUnavailable,

    /// <summary>A number that the caller may not read.</summary>
    Forbidden,

    /// <summary>Unknown message or path.</summary>
    NotFound,

    /// <summary>A known path, but not with this method.</summary>
    MethodNotAllowed,

    /// <summary>None of the media types in Accept can be given.</summary>
    NotAcceptable,

    /// <summary>Body, path or headers are larger than anything this API needs.</summary>
    RequestTooLarge,

    /// <summary>A body of a media type that is not taken here.</summary>
    UnsupportedMediaType,

    /// <summary>The request was not sent to its end in time.</summary>
    RequestTimeout,

    /// <summary>Too many requests.</summary>
    RateLimited,

    /// <summary>A wait or a stream was asked for while the process stops.</summary>
    Stopping,

    /// <summary>A defect of ours.</summary>
    InternalError,
}
