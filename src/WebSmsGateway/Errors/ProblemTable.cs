using System.Collections.Frozen;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Errors;

/// <summary>The one table of statuses: what goes wrong, how it is called, and which status it has.</summary>
internal static class ProblemTable
{
    private const string Operator = "The operator of this gateway";
    private const string Caller = "The caller";
    private const string CallerLater = "The caller, by trying again";

    private static readonly FrozenDictionary<ProblemCode, ProblemKind> Kinds = new Dictionary<ProblemCode, ProblemKind>
    {
        [ProblemCode.UpstreamCredentialsMissing] = new(
            "upstream-credentials-missing", 502, "The gateway gave WEBSMS no login or password",
            "WEBSMS answered error_num 1: login or password not given.", Operator,
            "Set Upstream:Username and Upstream:Password. The caller's own credentials are in order: there is no need to log in again."),
        [ProblemCode.UpstreamCredentialsRejected] = new(
            "upstream-credentials-rejected", 502, "WEBSMS rejected the gateway's login or password",
            "WEBSMS answered error_num 2: wrong login or password.", Operator,
            "Correct Upstream:Username and Upstream:Password. Until then the gateway asks WEBSMS only now and then, so that the account "
            + "is not locked. The caller's own credentials are in order: there is no need to log in again."),
        [ProblemCode.UpstreamInvalidDate] = new(
            "upstream-invalid-date", 400, "WEBSMS did not accept the dates",
            "WEBSMS answered error_num 3: wrong date format.", "The caller, and the operator if it goes on",
            "Ask for another range of time. If WEBSMS refuses ordinary ranges such as today, its protocol has changed: tell the operator."),
        [ProblemCode.UpstreamNoRecords] = new(
            "upstream-no-records", 200, "WEBSMS has no messages in this range",
            "WEBSMS answered error_num 4: nothing was received in that time.", "Nobody",
            "This is no failure. The operator has asked for a status of its own for it (Upstream:ErrorStatus:4)."),
        [ProblemCode.UpstreamError] = new(
            "upstream-error", 502, "WEBSMS answered with an error",
            "WEBSMS answered with an error_num that its documentation does not list.", Operator,
            "Look up the number, which the detail shows, with WEBSMS support. Try again later."),
        [ProblemCode.UpstreamInvalidResponse] = new(
            "upstream-invalid-response", 502, "The answer of WEBSMS cannot be read",
            "What came back is not the protocol: an HTML page, nothing at all, or an answer that was cut off.", CallerLater,
            "Try again in a minute. If it goes on, the operator should check Upstream:BaseAddress, and whether WEBSMS is being serviced."),
        [ProblemCode.UpstreamUnreachable] = new(
            "upstream-unreachable", 502, "WEBSMS cannot be reached",
            "The connection failed (refused, DNS or TLS), or WEBSMS answered with HTTP 5xx.", CallerLater,
            "Try again in a minute. If it goes on, the operator should check the network, the certificate and Upstream:BaseAddress."),
        [ProblemCode.UpstreamTimeout] = new(
            "upstream-timeout", 504, "WEBSMS did not answer in time",
            "No complete answer came within Upstream:Timeout, further attempts included.", CallerLater,
            "Try again, perhaps with a shorter range. If it goes on, the operator can raise Upstream:Timeout."),
        [ProblemCode.UpstreamUnavailable] = new(
            "upstream-unavailable", 503, "WEBSMS is not being asked at the moment",
            "Earlier calls failed, or too many are waiting, so this one was not made.", CallerLater,
            "Try again after the number of seconds in the Retry-After header."),
        [ProblemCode.InvalidRequest] = new(
            "invalid-request", 400, "The request has a fault",
            "A parameter is missing, unknown or cannot be read.", Caller,
            "Correct the parameters that errors names; each message shows a value that is accepted. WEBSMS was not asked."),
        [ProblemCode.Unauthenticated] = new(
            "unauthenticated", 401, "Credentials are missing or wrong",
            "The request carries no valid API key and no valid token.", Caller,
            "Send X-Api-Key with a key of this gateway, or Authorization: Bearer with a token of its issuer that has not expired."),
        [ProblemCode.AuthenticationUnavailable] = new(
            "authentication-unavailable", 503, "Tokens cannot be checked at the moment",
            "The issuer of the tokens (Authentication:Jwt:Authority) cannot be reached, so it is not known whether this one is valid.",
            "The caller, by trying again, and the operator",
            "Keep the token and try again later. The operator should check that the gateway reaches the issuer. API keys work meanwhile."),
        [ProblemCode.Forbidden] = new(
            "forbidden", 403, "This number is not yours to read",
            "The caller may not read this rented number.", "The caller, or the operator",
            "GET /rented-numbers lists the numbers that the caller may read. The operator can add numbers to a key, "
            + "the issuer to a token."),
        [ProblemCode.NotFound] = new(
            "not-found", 404, "Not found",
            "There is nothing here. Messages are under /messages and /rented-numbers/{number}/messages; /swagger shows every path.", Caller,
            "Check the path and, for a message, its id."),
        [ProblemCode.MethodNotAllowed] = new(
            "method-not-allowed", 405, "Method not allowed",
            "This path exists, but not with this method.", Caller,
            "Use a method that the Allow header names. "
            + "The gateway only reads: GET is the method for everything, and HEAD where the headers are enough."),
        [ProblemCode.NotAcceptable] = new(
            "not-acceptable", 406, "No such format",
            "None of the media types in the Accept header can be given.", Caller,
            "Accept application/json, text/csv or application/x-ndjson; text/event-stream for a stream."),
        [ProblemCode.RequestTooLarge] = new(
            "request-too-large", 413, "The request is too large",
            "The body, the address or the headers are larger than anything this API needs.", Caller,
            "Send no body, and shorten the address and headers."),
        [ProblemCode.UnsupportedMediaType] = new(
            "unsupported-media-type", 415, "A body of this type is not taken",
            "The gateway only reads messages: no path takes a body.", Caller,
            "Send no body."),
        [ProblemCode.RequestTimeout] = new(
            "request-timeout", 408, "The request came too slowly",
            "The request was not sent to its end in time.", CallerLater,
            "Send the whole request at once, without a body."),
        [ProblemCode.RateLimited] = new(
            "rate-limited", 429, "Too many requests",
            "The caller has used up its requests for now.", CallerLater,
            "Wait for the number of seconds in the Retry-After header. The RateLimit headers of each answer show what is left. "
            + "Instead of asking often, use the stream, or wait with order=asc. The operator can raise RequestsPerMinute."),
        [ProblemCode.Stopping] = new(
            "stopping", 503, "This gateway is stopping",
            "The process is about to end and begins no further wait or stream.", CallerLater,
            "Try again after the number of seconds in the Retry-After header: another replica, or the next process, takes over."),
        [ProblemCode.InternalError] = new(
            "internal-error", 500, "A defect of the gateway",
            "Something went wrong that should not. The operator finds it in the log by the traceId.", Operator,
            "Report it with the traceId. Trying again may help."),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, ProblemKind> ByName =
        Kinds.Values.ToFrozenDictionary(kind => kind.Code, StringComparer.Ordinal);

    /// <summary>Every kind, in the order of <see cref="ProblemCode"/>.</summary>
    public static IEnumerable<ProblemKind> All => Enum.GetValues<ProblemCode>().Select(Of);

    public static ProblemKind Of(ProblemCode code) => Kinds[code];

    public static ProblemKind? Find(string code) => ByName.GetValueOrDefault(code);

    /// <summary>Which problem an upstream fault becomes.</summary>
    public static ProblemCode CodeOf(UpstreamError error) => error switch
    {
        UpstreamError.CredentialsMissing => ProblemCode.UpstreamCredentialsMissing,
        UpstreamError.CredentialsRejected => ProblemCode.UpstreamCredentialsRejected,
        UpstreamError.InvalidDate => ProblemCode.UpstreamInvalidDate,
        UpstreamError.OtherErrorNumber => ProblemCode.UpstreamError,
        UpstreamError.InvalidResponse => ProblemCode.UpstreamInvalidResponse,
        UpstreamError.Unreachable => ProblemCode.UpstreamUnreachable,
        UpstreamError.Timeout => ProblemCode.UpstreamTimeout,
        UpstreamError.Unavailable => ProblemCode.UpstreamUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };

    /// <summary>The status of a problem, with the operator's own choice for <c>error_num</c> 1 to 4.</summary>
    public static int StatusOf(ProblemCode code, IReadOnlyDictionary<int, int>? chosen)
    {
        int? errorNumber = code switch
        {
            ProblemCode.UpstreamCredentialsMissing => 1,
            ProblemCode.UpstreamCredentialsRejected => 2,
            ProblemCode.UpstreamInvalidDate => 3,
            ProblemCode.UpstreamNoRecords => 4,
            _ => null,
        };
        return errorNumber is { } number && chosen is not null && chosen.TryGetValue(number, out var status) ? status : Of(code).Status;
    }

    /// <summary>The problem that a bare status stands for, such as the 404 and 405 of routing.</summary>
    public static ProblemCode CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => ProblemCode.Unauthenticated,
        StatusCodes.Status403Forbidden => ProblemCode.Forbidden,
        StatusCodes.Status404NotFound => ProblemCode.NotFound,
        StatusCodes.Status405MethodNotAllowed => ProblemCode.MethodNotAllowed,
        StatusCodes.Status406NotAcceptable => ProblemCode.NotAcceptable,
        StatusCodes.Status408RequestTimeout => ProblemCode.RequestTimeout,
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge =>
            ProblemCode.RequestTooLarge,
        StatusCodes.Status415UnsupportedMediaType => ProblemCode.UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => ProblemCode.RateLimited,
        >= 400 and < 500 => ProblemCode.InvalidRequest,
        _ => ProblemCode.InternalError,
    };
}
