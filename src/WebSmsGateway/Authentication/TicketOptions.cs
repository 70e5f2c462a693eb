using FluentValidation;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Authentication;

/// <summary>The tickets of browsers: section <c>Tickets</c>.</summary>
internal sealed class TicketOptions
{
    public const string Section = "Tickets";

    /// <summary>
    /// Keys of 32 bytes in base64, up to 16. The first signs tickets, and those of all are accepted. All replicas need the same ones. Default:
    /// none; then one is made at start, and tickets hold on one replica and until it ends.
    /// </summary>
    [Secret]
    [AppliesOnReload]
    public IList<string> Keys { get; set; } = [];
}

internal sealed class TicketOptionsValidator : AbstractValidator<TicketOptions>
{
    // Each ticket that is not valid costs a signature for each key.
    private const int MaxKeys = 16;

    public TicketOptionsValidator()
    {
        RuleFor(options => options.Keys).Must(keys => keys.Count <= MaxKeys).WithMessage($"a list has up to {MaxKeys} keys");
        RuleFor(options => options.Keys).Must(keys => keys.Distinct(StringComparer.Ordinal).Count() == keys.Count)
            .WithMessage("two keys are the same; a new one is made with: openssl rand -base64 32");
        RuleForEach(options => options.Keys).Must(SecretKey.IsKey)
            .WithMessage("a key is 32 bytes in base64; make one with: openssl rand -base64 32");
    }
}
