using FluentValidation;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Archive.Records;

/// <summary>How messages are named: section <c>Messages</c>.</summary>
internal sealed class MessagesOptions
{
    public const string Section = "Messages";

    /// <summary>
    /// A key of 32 bytes in base64. It keys the hash in ids, so that nobody without it can try out texts against an id. A new key gives all
    /// messages new ids. Default: none; then the WEBSMS login keys them.
    /// </summary>
    [Secret]
    public string? IdKey { get; set; }
}

internal sealed class MessagesOptionsValidator : AbstractValidator<MessagesOptions>
{
    public MessagesOptionsValidator() =>
        RuleFor(options => options.IdKey).Must(key => SecretKey.IsKey(key!)).Unless(options => string.IsNullOrEmpty(options.IdKey))
            .WithMessage("a key is 32 bytes in base64; make one with: WebSmsGateway new-key --id");
}
