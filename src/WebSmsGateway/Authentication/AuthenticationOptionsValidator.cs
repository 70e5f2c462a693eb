using System.Buffers;
using FluentValidation;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

internal sealed class AuthenticationOptionsValidator : AbstractValidator<AuthenticationOptions>
{
    public const int MaxRequestsPerMinute = 1_000_000_000;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public AuthenticationOptionsValidator()
    {
        RuleFor(options => options.ApiKeys)
            .Must((options, keys) => keys.Count > 0 || options.AllowAnonymous || !string.IsNullOrEmpty(options.Jwt.Authority))
            .WithMessage(
                "nobody could call. Add a key (WebSmsGateway new-key --name shop --numbers 79021234567 prints one), "
                + "set Authentication:Jwt:Authority, or let everyone in with Authentication:AllowAnonymous=true")
            .WithErrorCode(ConfigurationFault.AtStartOnly);
        RuleForEach(options => options.ApiKeys).SetValidator(new KeyValidator());
        RuleFor(options => options.ApiKeys).Custom((keys, context) =>
        {
            RefuseRepeated(keys, key => key.Name, "Name", "another key has this name", context);
            RefuseRepeated(keys, key => key.Sha256, "Sha256", "another key has this hash", context);
        });
        RuleFor(options => options.Jwt).SetValidator(new TokenValidator());
    }

    /// <summary>Whether a name may appear in logs and headers.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 64 && name.AsSpan().IndexOfAnyExcept(NameCharacters) < 0;

    private static void RefuseRepeated(
        List<ApiKeyOptions> keys, Func<ApiKeyOptions, string> part, string property, string message,
        ValidationContext<AuthenticationOptions> context)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < keys.Count; index++)
        {
            if (part(keys[index]) is { Length: > 0 } value && !seen.Add(value))
            {
                context.AddFailure($"ApiKeys[{index}].{property}", message);
            }
        }
    }

    private sealed class KeyValidator : AbstractValidator<ApiKeyOptions>
    {
        public KeyValidator()
        {
            RuleFor(key => key.Name).Must(IsName)
                .WithMessage("a name is required, for example shop: letters, digits, dot, dash and underscore, at most 64");
            RuleFor(key => key.Sha256).Must(hash => hash.Length == 64 && hash.All(char.IsAsciiHexDigit))
                .WithMessage("has to be the SHA-256 of the key, 64 hexadecimal digits; WebSmsGateway new-key prints one");
            RuleFor(key => key.Numbers).Must(numbers => numbers.Count > 0)
                .WithMessage("numbers are required, for example 79021234567, or * for all");
            RuleForEach(key => key.Numbers).Must(NumberSet.IsEntry).WithMessage($"{RentedNumber.Accepted}; * stands for all");
            RuleFor(key => key.RequestsPerMinute).InclusiveBetween(1, MaxRequestsPerMinute).WithMessage("1 to 1000000000, for example 600");
        }
    }

    private sealed class TokenValidator : AbstractValidator<TokenOptions>
    {
        public TokenValidator()
        {
            RuleFor(jwt => jwt.Authority).Must(IsAuthority).When(jwt => !string.IsNullOrEmpty(jwt.Authority))
                .WithMessage("has to be an https address, for example https://login.example.com/realms/shop; http only on this machine");
            RuleFor(jwt => jwt.Audience).NotEmpty().When(jwt => !string.IsNullOrEmpty(jwt.Authority))
                .WithMessage("is required with an authority: without it tokens for other services would be accepted");
            RuleFor(jwt => jwt.Authority).NotEmpty().When(jwt => !string.IsNullOrEmpty(jwt.Audience))
                .WithMessage("is required with an audience, for example https://login.example.com/realms/shop");
            RuleFor(jwt => jwt.NumbersClaim).NotEmpty().WithMessage("has to name a claim, for example rented_numbers");
        }

        private static bool IsAuthority(string? text) =>
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
    }
}
