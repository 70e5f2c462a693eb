namespace WebSmsGateway.Errors;

/// <summary>The closed list of problems. <see cref="ProblemTable"/> has their statuses and texts.</summary>
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
    Overloaded,
    Stopping,
    InternalError,
}
