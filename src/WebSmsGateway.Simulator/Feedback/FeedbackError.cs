namespace WebSmsGateway.Simulator.Feedback;

/// <summary>An error from the vendor's table, with the parameters that its JSON and XML forms repeat.</summary>
internal sealed record FeedbackError(int Number, string SenderAddress, string TelNum, string RentNum, string Start, string End)
{
    public const int CredentialsMissing = 1;
    public const int CredentialsWrong = 2;
    public const int DateInvalid = 3;
    public const int NothingFound = 4;

    // The vendor's document has the two spaces and the lower case of "incorrect".
    public string Message => Number switch
    {
        CredentialsMissing => "Empty password or  password",
        CredentialsWrong => "incorrect login or password",
        DateInvalid => "invalid date/time parameter",
        NothingFound => "No records found",
        _ => "unknown error",
    };

    /// <summary>The text in JSON and XML, which differs from the table in one place.</summary>
    public string EchoedMessage => Number == NothingFound ? "no records found" : Message;

    public static FeedbackError Of(int number, HttpContext context, FeedbackQuery query) => new(
        number,
        context.Connection.RemoteIpAddress?.MapToIPv4().ToString() ?? "",
        query.Echo("telnum"),
        query.Echo("rentnum"),
        query.Echo("startdate"),
        query.Echo("enddate"));
}
