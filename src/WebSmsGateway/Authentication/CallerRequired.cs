using WebSmsGateway.RentedNumbers;

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
    public static NumberView GetNumberView(this HttpContext context) =>
        context.Features.Get<NumberView>() ?? throw new InvalidOperationException("This endpoint is not behind RequireCaller().");

    /// <summary>Who calls. An endpoint outside <see cref="RequireCaller"/> fails.</summary>
    public static Caller GetCaller(this HttpContext context)
    {
        _ = context.GetNumberView();
        return context.Features.Get<Caller>()!;
    }
}
