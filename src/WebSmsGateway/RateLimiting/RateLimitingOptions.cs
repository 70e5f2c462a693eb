using FluentValidation;

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

    /// <summary>Waits and streams that one caller (without credentials: one address) may hold open at once. Default: 2500; 1 to 1,000,000,000.</summary>
    public int LongRequestsPerCaller { get; set; } = 2500;
}

internal sealed class RateLimitingOptionsValidator : AbstractValidator<RateLimitingOptions>
{
    private const int Max = 1_000_000_000;

    public RateLimitingOptionsValidator()
    {
        RuleFor(options => options.RequestsPerMinute).InclusiveBetween(1, Max).WithMessage("1 to 1000000000, for example 600");
        RuleFor(options => options.UnauthenticatedPerMinute).InclusiveBetween(1, Max).WithMessage("1 to 1000000000, for example 120");
        RuleFor(options => options.LongRequestsPerCaller).InclusiveBetween(1, Max).WithMessage("1 to 1000000000, for example 2500");
    }
}
