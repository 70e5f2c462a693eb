using System.Collections.Frozen;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Errors;

/// <summary>The only table of problems, with the status and the texts of each.</summary>
internal static class ProblemTable
{
    private const string Operator = "The operator of this gateway";
    private const string Caller = "The caller";
    private const string CallerLater = "The caller, by trying again";

    /// <summary>Every row, ordered by status and then by frequency. The OpenAPI document keeps this order.</summary>
    public static readonly ProblemKind[] Rows =
    [
        new(
            ProblemCode.UpstreamNoRecords, 200, "WEBSMS has no messages in this range",
            "WEBSMS answered error_num 4: nothing was received in that time.", "Nobody",
            "This is no failure. The operator has asked for a status of its own for it (Upstream:ErrorStatus:4).", UpstreamError.NoRecords),
        new(
            ProblemCode.InvalidRequest, 400, "The request has a fault",
            "A parameter is missing, unknown or cannot be read.", Caller,
            "Correct the parameters that errors names; each message shows a value that is accepted. WEBSMS was not asked."),
        new(
            ProblemCode.UpstreamInvalidDate, 400, "WEBSMS did not accept the dates",
            "WEBSMS answered error_num 3: wrong date format.", "The caller, and the operator if it goes on",
            "Ask for another range of time. If WEBSMS refuses ordinary ranges such as today, its protocol has changed: tell the operator.",
            UpstreamError.InvalidDate),
        new(
            ProblemCode.Unauthenticated, 401, "Credentials are missing or wrong",
            "The request carries no valid API key and no valid token.", Caller,
            "Send X-Api-Key with a key of this gateway, or Authorization: Bearer with a token of its issuer that has not expired."),
        new(
            ProblemCode.Forbidden, 403, "The caller may not do this",
            "The caller may not read this rented number, or its credentials do not allow this request.", "The caller, or the operator",
            "GET /rented-numbers lists the numbers that the caller may read. The operator can add numbers to a key, "
            + "the issuer to a token. A ticket only reads; everything else needs the key or token itself."),
        new(
            ProblemCode.NotFound, 404, "Not found",
            "There is nothing here. Messages are under /messages and /rented-numbers/{number}/messages; /swagger shows every path.", Caller,
            "Check the path and, for a message, its id."),
        new(
            ProblemCode.MethodNotAllowed, 405, "Method not allowed",
            "This path exists, but not with this method.", Caller,
            "Use a method that the Allow header names: GET to read, HEAD where the headers are enough, POST for tickets and for orders to webhooks."),
        new(
            ProblemCode.NotAcceptable, 406, "No such format",
            "None of the media types in the Accept header can be given.", Caller,
            "Accept application/json, text/csv or application/x-ndjson; text/event-stream for a stream."),
        new(
            ProblemCode.RequestTimeout, 408, "The request came too slowly",
            "The request was not sent to its end in time.", CallerLater,
            "Send the whole request at once, without a body."),
        new(
            ProblemCode.RequestTooLarge, 413, "The request is too large",
            "The body, the address or the headers are larger than anything this API needs.", Caller,
            "Send no body, and shorten the address and headers."),
        new(
            ProblemCode.UnsupportedMediaType, 415, "A body of this type is not taken",
            "Of all paths few take a body, and those take application/json in UTF-8.", Caller,
            "Send no body, or with POST /tickets Content-Type: application/json."),
        new(
            ProblemCode.RateLimited, 429, "Too many requests",
            "The caller has used up its requests, or its share of memory, questions or connections, for now.", CallerLater,
            "Wait for the number of seconds in the Retry-After header. The RateLimit headers of each answer show what is left. "
            + "Instead of asking often, use the stream, or wait with order=asc. The operator can raise RequestsPerMinute. "
            + "A share is given back when answers are read to their end.",
            UpstreamError.ShareUsedUp),
        new(
            ProblemCode.InternalError, 500, "A defect of the gateway",
            "Something went wrong that should not. The operator finds it in the log by the traceId.", Operator,
            "Report it with the traceId. Trying again may help."),
        new(
            ProblemCode.UpstreamUnreachable, 502, "WEBSMS cannot be reached",
            "The connection failed (refused, DNS or TLS), or WEBSMS answered with HTTP 5xx.", CallerLater,
            "Try again in a minute. If it goes on, the operator should check the network, the certificate and Upstream:BaseAddress.",
            UpstreamError.Unreachable),
        new(
            ProblemCode.UpstreamInvalidResponse, 502, "The answer of WEBSMS cannot be read",
            "What came back is not the protocol: an HTML page, nothing at all, or an answer that was cut off.", CallerLater,
            "Try again in a minute. If it goes on, the operator should check Upstream:BaseAddress, and whether WEBSMS is being serviced.",
            UpstreamError.InvalidResponse, UpstreamError.Truncated, UpstreamError.TooLong),
        new(
            ProblemCode.UpstreamCredentialsRejected, 502, "WEBSMS rejected the gateway's login or password",
            "WEBSMS answered error_num 2: wrong login or password.", Operator,
            "Correct Upstream:Username and Upstream:Password. Until then the gateway asks WEBSMS only now and then, so that the account "
            + "is not locked. The caller's own credentials are in order: there is no need to log in again.",
            UpstreamError.CredentialsRejected),
        new(
            ProblemCode.UpstreamCredentialsMissing, 502, "The gateway gave WEBSMS no login or password",
            "WEBSMS answered error_num 1: login or password not given.", Operator,
            "Set Upstream:Username and Upstream:Password. The caller's own credentials are in order: there is no need to log in again.",
            UpstreamError.CredentialsMissing),
        new(
            ProblemCode.UpstreamError, 502, "WEBSMS answered with an error",
            "WEBSMS answered with an error_num that its documentation does not list.", Operator,
            "Look up the number, which the detail shows, with WEBSMS support. Try again later.", UpstreamError.OtherErrorNumber),
        new(
            ProblemCode.UpstreamUnavailable, 503, "WEBSMS is not being asked at the moment",
            "Earlier calls failed, or too many are waiting, so this one was not made.", CallerLater,
            "Try again after the number of seconds in the Retry-After header.", UpstreamError.Unavailable),
        new(
            ProblemCode.AuthenticationUnavailable, 503, "Tokens cannot be checked at the moment",
            "The issuer of the tokens (Authentication:Jwt:Authority) cannot be reached, so it is not known whether this one is valid.",
            "The caller, by trying again, and the operator",
            "Keep the token and try again later. The operator should check that the gateway reaches the issuer. API keys work meanwhile."),
        new(
            ProblemCode.Overloaded, 503, "This gateway is overloaded",
            "What all callers together may use (memory, questions, connections) is used up at the moment.", CallerLater,
            "Try again after the number of seconds in the Retry-After header. The operator can give the process more memory, or add replicas. "
            + "The metrics websms.budget.* show what is used up, and by whom most."),
        new(
            ProblemCode.Stopping, 503, "This gateway is stopping",
            "The process is about to end and begins no further wait or stream.", CallerLater,
            "Try again after the number of seconds in the Retry-After header: another replica, or the next process, takes over."),
        new(
            ProblemCode.UpstreamTimeout, 504, "WEBSMS did not answer in time",
            "No complete answer came within Upstream:Timeout, further attempts included.", CallerLater,
            "Try again, perhaps with a shorter range. If it goes on, the operator can raise Upstream:Timeout.", UpstreamError.Timeout),
    ];

    private static readonly FrozenDictionary<ProblemCode, ProblemKind> ByCode = Rows.ToFrozenDictionary(row => row.Problem);

    private static readonly FrozenDictionary<UpstreamError, ProblemKind> ByError =
        Rows.SelectMany(row => row.Errors, (row, error) => KeyValuePair.Create(error, row)).ToFrozenDictionary();

    /// <summary>Every row, in the order of <see cref="ProblemCode"/>.</summary>
    public static IEnumerable<ProblemKind> All => Enum.GetValues<ProblemCode>().Select(Of);

    public static ProblemKind Of(ProblemCode code) => ByCode[code];

    public static ProblemKind Of(UpstreamError error) => ByError[error];

    /// <summary>The problem that a bare status stands for, such as the 404 and 405 of routing.</summary>
    public static ProblemKind OfStatus(int status) => status switch
    {
        StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge => Of(ProblemCode.RequestTooLarge),
        >= 400 and < 500 => Array.Find(Rows, row => row.Status == status) ?? Of(ProblemCode.InvalidRequest),
        _ => Of(ProblemCode.InternalError),
    };
}
