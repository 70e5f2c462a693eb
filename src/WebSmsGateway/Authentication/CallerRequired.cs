using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>Marks an endpoint that only a caller with credentials may use. <see cref="CallerGuard"/> acts on it.</summary>
internal sealed class CallerRequired
{
    public static readonly CallerRequired Instance = new();

    private CallerRequired()
    {
    }
}

/// <summary>The door to callers for endpoints.</summary>
internal static class CallerExtensions
{
    /// <summary>
    /// Puts everything in the group behind the guard: 401 without credentials; where the route has <c>{number}</c>, 400 for
    /// what is none, 403 for one that is not the caller's, and the handler gets it without a leading <c>+</c>.
    /// </summary>
    public static RouteGroupBuilder RequireCaller(this RouteGroupBuilder group) => group.WithMetadata(CallerRequired.Instance);

    /// <summary>What the caller may read. An endpoint outside <see cref="RequireCaller"/> has no such thing and fails.</summary>
    public static NumberSet GetNumbers(this HttpContext context) =>
        RequestCaller.Of(context)?.Numbers ?? throw OutsideTheGuard();

    /// <summary>The rented number in the path, which the guard has read; null where the path has none.</summary>
    public static RentedNumber? GetNumber(this HttpContext context) => RequestCaller.Of(context)?.Number;

    /// <summary>Who calls. An endpoint outside <see cref="RequireCaller"/> fails.</summary>
    public static Caller GetCaller(this HttpContext context) =>
        RequestCaller.Of(context) is { Numbers: not null, Caller: { } caller } ? caller : throw OutsideTheGuard();

    private static InvalidOperationException OutsideTheGuard() => new("This endpoint is not behind RequireCaller().");
}
