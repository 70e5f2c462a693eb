using WebSmsGateway.Budgets;

namespace WebSmsGateway.Authentication;

/// <summary>Whose budget a request is charged to.</summary>
internal static class RequestOwner
{
    /// <summary>The caller; its address where no caller is known, so that callers without credentials do not share one budget.</summary>
    public static BudgetOwner GetOwner(this HttpContext context) => RequestCaller.Of(context)?.Caller switch
    {
        { IsAnonymous: false } caller => new BudgetOwner(caller.Id, caller.MetricName),
        { } caller => OfAddress(context, caller.MetricName),
        null => OfAddress(context, "unauthenticated"),
    };

    private static BudgetOwner OfAddress(HttpContext context, string name)
    {
        var key = AddressKey.Of(context);
        return new BudgetOwner($"address:{key.IsV6} {key.Bits:x}", name);
    }
}
