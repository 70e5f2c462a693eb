namespace WebSmsGateway.Authentication;

/// <summary>Marks an endpoint that callers with a ticket may read. All others refuse tickets.</summary>
internal sealed class TicketAccepted
{
    public static readonly TicketAccepted Instance = new();

    private TicketAccepted()
    {
    }
}

/// <summary>Answers 401 with the credentials that are accepted.</summary>
internal sealed class ChallengeResult(CredentialFault fault) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => CallerGuard.ChallengeAsync(
        httpContext, httpContext.RequestServices.GetRequiredService<TokenCallers>().AreAccepted, fault);
}
