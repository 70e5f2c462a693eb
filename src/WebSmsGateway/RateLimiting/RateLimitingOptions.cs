using FluentValidation;
using WebSmsGateway.Budgets;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.RateLimiting;

/// <summary>The limits of one caller: section <c>RateLimiting</c>. Each replica counts on its own.</summary>
internal sealed class RateLimitingOptions
{
    public const string Section = "RateLimiting";

    /// <summary>Requests a minute, also the burst, of a caller without a limit of its own. Default: 600; 1 to 1,000,000,000.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>
    /// Requests a minute without credentials from one address (IPv6: one /64), and as many with wrong ones. Default: 120; 1 to
    /// 1,000,000,000.
    /// </summary>
    public int UnauthenticatedPerMinute { get; set; } = 120;

    /// <summary>
    /// Waits, streams and downloads that one caller (without credentials: one address) may hold open at once. Default: 2500, and at most half of
    /// the connections that the process takes; 1 to all of them.
    /// </summary>
    public int LongRequestsPerCaller { get; set; } = StandardLongRequests;

    internal const int StandardLongRequests = 2500;
}

/// <summary>Lowers the long requests of a caller to half of the connections, so that one caller cannot take all of them.</summary>
internal sealed class LongRequestsDefault(ConnectionBounds bounds) : IProcessDefaults<RateLimitingOptions>
{
    public LoweredDefault Lowered { get; } = new(
        $"{RateLimitingOptions.Section}:{nameof(RateLimitingOptions.LongRequestsPerCaller)}", RateLimitingOptions.StandardLongRequests,
        bounds.Half, $"half of {bounds.All} connections; {bounds.Arithmetic}");

    public void Set(RateLimitingOptions options) => options.LongRequestsPerCaller = Lowered.Value;
}

internal sealed class RateLimitingOptionsValidator : AbstractValidator<RateLimitingOptions>
{
    private const int Max = 1_000_000_000;

    public RateLimitingOptionsValidator(ConnectionBounds bounds)
    {
        RuleFor(options => options.RequestsPerMinute).InclusiveBetween(1, Max).WithMessage("1 to 1000000000, for example 600");
        RuleFor(options => options.UnauthenticatedPerMinute).InclusiveBetween(1, Max).WithMessage("1 to 1000000000, for example 120");
        RuleFor(options => options.LongRequestsPerCaller).InclusiveBetween(1, bounds.All).WithMessage(
            $"1 to {bounds.All}, for example {Math.Min(RateLimitingOptions.StandardLongRequests, bounds.Half)}: each holds one of the "
            + $"{bounds.All} connections that the process takes ({bounds.Arithmetic})");
    }
}
