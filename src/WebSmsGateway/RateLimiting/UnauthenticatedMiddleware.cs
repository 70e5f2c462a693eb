using WebSmsGateway.Authentication;

namespace WebSmsGateway.RateLimiting;

/// <summary>
/// Refuses tokens of an address that has sent too many wrong ones before their signatures are checked, which takes some
/// fifty microseconds of processor each. Keys are looked up all the same: that costs less than refusing, and a caller
/// whose key is right must not be shut out by a neighbour behind the same address.
/// </summary>
internal sealed class UnauthenticatedMiddleware(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (BearerToken.IsIn(context.Request)
            && !RateLimitMiddleware.IsExempt(context)
            && limits.IsExhausted(address)
            && limits.Take(address) is { Grant.IsGranted: false } taken)
        {
            return RateLimitMiddleware.RefuseAsync(context, taken);
        }

        return next(context);
    }
}
