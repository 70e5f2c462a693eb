using FluentValidation;

namespace WebSmsGateway.Inbox;

/// <summary>The page for people: section <c>Inbox</c>. Read at start.</summary>
internal sealed class InboxOptions
{
    public const string Section = "Inbox";

    /// <summary>Whether <c>/inbox</c> is served. The page reads with the credentials of whoever signs in there. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// Whether texts and codes are covered until somebody points at them or asks for them, for screens that others see. Default: false.
    /// </summary>
    public bool MaskTexts { get; set; }
}

internal sealed class InboxOptionsValidator : AbstractValidator<InboxOptions>;
