using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>Marks an endpoint that <see cref="CallerGuard"/> protects.</summary>
internal sealed class CallerRequired
{
    public static readonly CallerRequired Instance = new();

    private CallerRequired()
    {
    }
}

/// <summary>Access of endpoints to their caller.</summary>
internal static class CallerExtensions
{
    /// <summary>
    /// Puts the group behind the guard. It answers 401 without credentials. On a route with <c>{number}</c> it answers 400 for a faulty
    /// number, 403 for one that the caller may not read and 404 for one that does not exist, and removes a leading <c>+</c>.
    /// </summary>
    public static RouteGroupBuilder RequireCaller(this RouteGroupBuilder group) => group.WithMetadata(CallerRequired.Instance);

    /// <summary>Admits callers with a ticket, too.</summary>
    public static RouteGroupBuilder AcceptTickets(this RouteGroupBuilder group) => group.WithMetadata(TicketAccepted.Instance);

    /// <summary>The credentials of the caller. It fails in an endpoint without <see cref="RequireCaller"/>.</summary>
    public static CallerCredentials GetCredentials(this HttpContext context) =>
        RequestCaller.Of(context) is { Numbers: not null, Credentials: { } credentials } ? credentials : throw OutsideTheGuard();

    /// <summary>The numbers that the caller may read. It fails in an endpoint without <see cref="RequireCaller"/>.</summary>
    public static NumberSet GetNumbers(this HttpContext context) => RequestCaller.Of(context)?.Numbers ?? throw OutsideTheGuard();

    /// <summary>The fields of messages that the caller may read.</summary>
    public static MessageFields GetFields(this HttpContext context) => context.GetCaller().Fields;

    /// <summary>The rented number in the path; null for a path without one.</summary>
    public static RentedNumber? GetNumber(this HttpContext context) => RequestCaller.Of(context)?.Number;

    /// <summary>The caller. It fails in an endpoint without <see cref="RequireCaller"/>.</summary>
    public static Caller GetCaller(this HttpContext context) =>
        RequestCaller.Of(context) is { Numbers: not null, Caller: { } caller } ? caller : throw OutsideTheGuard();

    /// <summary>Whether the credentials of the request have ended since it began.</summary>
    public static bool HaveCredentialsEnded(this HttpContext context) =>
        RequestCaller.Of(context) is { CredentialsEnded.IsCancellationRequested: true };

    private static InvalidOperationException OutsideTheGuard() => new("This endpoint is not behind RequireCaller().");
}
