using FluentValidation;

namespace WebSmsGateway.Http;

/// <summary>The limits of one request: section <c>Limits</c>.</summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Longest <c>from</c>..<c>to</c>. Default: 366 days; 1 h to 3660 days.</summary>
    public TimeSpan MaxRange { get; set; } = TimeSpan.FromDays(366);
}

internal sealed class LimitsOptionsValidator : AbstractValidator<LimitsOptions>
{
    public LimitsOptionsValidator() =>
        RuleFor(options => options.MaxRange).InclusiveBetween(TimeSpan.FromHours(1), TimeSpan.FromDays(3660))
            .WithMessage("accepted are 01:00:00 to 3660.00:00:00, for example 366.00:00:00");
}
