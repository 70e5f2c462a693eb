using FluentValidation;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Budgets;

/// <summary>The limits of one request, and of all of them together: section <c>Limits</c>.</summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Longest <c>from</c>..<c>to</c>. Default: 366 days; 1 h to 3660 days.</summary>
    public TimeSpan MaxRange { get; set; } = TimeSpan.FromDays(366);

    /// <summary>
    /// What caches, answers in flight, connections and unsent bytes may take together, in MiB; <c>check-config</c> prints how it is divided.
    /// Default: three quarters of what the process may have; 64 up to all of that.
    /// </summary>
    public int? MemoryMegabytes { get; set; }
}

/// <summary>Sets the memory by what the process may have.</summary>
internal sealed class LimitsDefaults : IProcessDefaults<LimitsOptions>
{
    public void Set(LimitsOptions options) =>
        options.MemoryMegabytes = (int)(MemoryPlan.DefaultTotal(MemoryPlan.AvailableToProcess()) / MemoryPlan.Mebibyte);
}

internal sealed class LimitsOptionsValidator : AbstractValidator<LimitsOptions>
{
    private const int Least = 64;

    public LimitsOptionsValidator()
        : this(MemoryPlan.AvailableToProcess())
    {
    }

    internal LimitsOptionsValidator(long available)
    {
        RuleFor(options => options.MaxRange).InclusiveBetween(TimeSpan.FromHours(1), TimeSpan.FromDays(3660))
            .WithMessage("accepted are 01:00:00 to 3660.00:00:00, for example 366.00:00:00");

        // A default on a very small machine is below the least that may be configured. It is still the best that can be done there.
        var most = available / MemoryPlan.Mebibyte;
        var standard = MemoryPlan.DefaultTotal(available) / MemoryPlan.Mebibyte;
        RuleFor(options => options.MemoryMegabytes)
            .Must(megabytes => megabytes is null || megabytes == standard || (megabytes >= Least && megabytes <= most))
            .WithMessage(
                $"accepted are {Least} to {most} MiB, for example {standard}: the process may have {most} MiB, "
                + "by the limit of its container, DOTNET_GCHeapHardLimit or the memory of the machine");
    }
}
