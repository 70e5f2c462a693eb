namespace WebSmsGateway.Simulator.Feedback;

/// <summary>An error as the vendor's table has it, and what its JSON and XML forms repeat of the call.</summary>
internal sealed record FeedbackError(int Number, string SenderAddress, string TelNum, string RentNum, string Start, string End)
{
    public const int CredentialsMissing = 1;
    public const int CredentialsWrong = 2;
    public const int DateInvalid = 3;
    public const int NothingFound = 4;

    // The two spaces, and the small letter of "incorrect", are the vendor's.
    public string Message => Number switch
    {
        CredentialsMissing => "Empty password or  password",
        CredentialsWrong => "incorrect login or password",
        DateInvalid => "invalid date/time parameter",
        NothingFound => "No records found",
        _ => "unknown error",
    };

    /// <summary>The wording in JSON and XML, which differs from the table's in one place.</summary>
    public string EchoedMessage => Number == NothingFound ? "no records found" : Message;

    public static FeedbackError Of(int number, HttpContext context, FeedbackQuery query) => new(
        number,
        context.Connection.RemoteIpAddress?.MapToIPv4().ToString() ?? "",
        query.Echo("telnum"),
        query.Echo("rentnum"),
        query.Echo("startdate"),
        query.Echo("enddate"));
}
