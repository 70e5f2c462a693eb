namespace WebSmsGateway.Errors;

/// <summary>
/// Everything that a caller can be told instead of what was asked for: a closed list. <see cref="ProblemTable"/> has the words.
/// </summary>
internal enum ProblemCode
{
    UpstreamCredentialsMissing,
    UpstreamCredentialsRejected,
    UpstreamInvalidDate,
    UpstreamNoRecords,
    UpstreamError,
    UpstreamInvalidResponse,
    UpstreamUnreachable,
    UpstreamTimeout,
    UpstreamUnavailable,
    InvalidRequest,
    Unauthenticated,
    AuthenticationUnavailable,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    RequestTooLarge,
    UnsupportedMediaType,
    RequestTimeout,
    RateLimited,
    Stopping,
    InternalError,
}
