using System.Globalization;
using FluentValidation;
using FluentValidation.Results;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;
using WebSmsGateway.Webhooks.Delivery;
using WebSmsGateway.Webhooks.Sending;

namespace WebSmsGateway.Webhooks;

internal sealed class WebhooksOptionsValidator : AbstractValidator<WebhooksOptions>
{
    private const int MostEndpoints = 1000;
    private const int MostSecrets = 2;

    private static readonly string[] DateFormats = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    public WebhooksOptionsValidator(InForce<AuthenticationOptions> callers)
    {
        RuleFor(options => options.Endpoints).Must(endpoints => endpoints.Count <= MostEndpoints)
            .WithMessage($"at most {MostEndpoints} endpoints are accepted");
        RuleForEach(options => options.Endpoints).SetValidator(new EndpointValidator());
        RuleFor(options => options).Custom((options, context) =>
        {
            CheckAddresses(options, context);
            CheckNames(options.Endpoints, context);
            CheckOwners(options.Endpoints, callers.AtStartIfValid is null ? null : callers.Value.ApiKeys, context);
        });
        RuleFor(options => options.Proxy).Must(proxy => proxy is null || (proxy.IsAbsoluteUri && proxy.Scheme is "http" or "https"))
            .WithMessage("has to be an http address, for example http://proxy:3128");
        RuleFor(options => options.ParkAfter).InclusiveBetween(TimeSpan.FromMinutes(1), TimeSpan.FromDays(30))
            .WithMessage("accepted are 00:01:00 to 30.00:00:00, for example 3.00:00:00");
        RuleFor(options => options.DisableAfter).InclusiveBetween(TimeSpan.FromMinutes(1), TimeSpan.FromDays(60))
            .WithMessage("accepted are 00:01:00 to 60.00:00:00, for example 5.00:00:00");
        RuleFor(options => options.Timeout).InclusiveBetween(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1))
            .WithMessage("accepted are 00:00:01 to 00:01:00, for example 00:00:15");
        RuleFor(options => options.RecoverWithin).InclusiveBetween(TimeSpan.FromMinutes(1), TimeSpan.FromDays(60))
            .WithMessage("accepted are 00:01:00 to 60.00:00:00, for example 1.00:00:00");
        RuleFor(options => options.StateDirectory).Custom((directory, context) =>
        {
            if (!string.IsNullOrEmpty(directory) && FileStates.FaultOf(directory) is { } fault)
            {
                context.AddFailure(fault);
            }
        });
    }

    /// <summary>Reads a moment with its offset.</summary>
    public static bool TryParseMoment(string text, out DateTimeOffset moment) => DateTimeOffset.TryParseExact(
        text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);

    // An address whose rule can be seen without a name server is refused here, and one that depends on it later.
    private static void CheckAddresses(WebhooksOptions options, ValidationContext<WebhooksOptions> context)
    {
        if (!TargetNetworks.TryParse(options.AllowNetworks, out var networks, out var fault))
        {
            context.AddFailure("AllowNetworks", fault!);
            return;
        }

        foreach (var (index, endpoint) in options.Endpoints.Index())
        {
            if (endpoint.Url is { IsAbsoluteUri: true } url && networks!.Refuses(url) is { } rule)
            {
                context.AddFailure($"Endpoints[{index}].Url", rule);
            }
        }
    }

    private static void CheckNames(List<WebhookEndpointOptions> endpoints, ValidationContext<WebhooksOptions> context)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, endpoint) in endpoints.Index())
        {
            if (endpoint.Name.Length > 0 && !seen.Add(endpoint.Name))
            {
                context.AddFailure($"Endpoints[{index}].Name", "another endpoint has this name");
            }
        }
    }

    // A reload that takes an owner away is in order: the endpoints of the owner stop.
    private static void CheckOwners(
        List<WebhookEndpointOptions> endpoints, List<ApiKeyOptions>? keys, ValidationContext<WebhooksOptions> context)
    {
        foreach (var (index, endpoint) in endpoints.Index())
        {
            if (keys is null || endpoint.Owner.Length == 0)
            {
                continue;
            }

            if (keys.Find(key => key.Name.Equals(endpoint.Owner, StringComparison.OrdinalIgnoreCase)) is not { } owner)
            {
                context.AddFailure(new ValidationFailure(
                    $"Endpoints[{index}].Owner",
                    $"no API key has this name; known are {string.Join(", ", keys.Select(key => key.Name).DefaultIfEmpty("none"))}")
                { ErrorCode = ConfigurationFault.AtStartOnly });
                continue;
            }

            if (owner.Fields == MessageFields.Code && !string.IsNullOrEmpty(endpoint.Contains))
            {
                context.AddFailure($"Endpoints[{index}].Contains", "is not for this owner: its key reads codes and no texts");
            }

            var readable = NumberSet.Parse(owner.Numbers);
            if (endpoint.Numbers.Any(text => RentedNumber.TryParse(text, out var number) && !readable.Includes(number)))
            {
                context.AddFailure(new ValidationFailure(
                    $"Endpoints[{index}].Numbers", "has a number that the key of the owner may not read; leave it out, or add it to the key")
                { ErrorCode = ConfigurationFault.AtStartOnly });
            }
        }
    }

    private sealed class EndpointValidator : AbstractValidator<WebhookEndpointOptions>
    {
        public EndpointValidator()
        {
            RuleFor(endpoint => endpoint.Name).Must(AuthenticationOptionsValidator.IsName)
                .WithMessage("a name is required, for example shop: letters, digits, dot, dash and underscore, at most 64");
            RuleFor(endpoint => endpoint.Url).Must(url => url is { IsAbsoluteUri: true })
                .WithMessage("an address is required, for example https://shop.example.com/sms");
            RuleFor(endpoint => endpoint.Secrets).Must(secrets => secrets.Count is >= 1 and <= MostSecrets)
                .WithMessage("one secret is required, or two while a receiver changes from one to the next; WebSmsGateway new-webhook prints one");
            RuleForEach(endpoint => endpoint.Secrets).Custom((text, context) =>
            {
                if (!WebhookSecret.TryParse(text, out _, out var fault))
                {
                    context.AddFailure(fault!);
                }
            });
            RuleFor(endpoint => endpoint.Owner).NotEmpty().WithMessage("the name of an API key is required: it sees the endpoint, and its rights count");
            RuleForEach(endpoint => endpoint.Numbers).Must(NumberSet.IsEntry).WithMessage($"{RentedNumber.Accepted}; * stands for those of the owner");
            RuleFor(endpoint => endpoint.Sender).Must(text => Model.Sender.TryParse(text!, out _))
                .When(endpoint => !string.IsNullOrEmpty(endpoint.Sender)).WithMessage(Model.Sender.Accepted);
            RuleFor(endpoint => endpoint.Contains).MaximumLength(1000).WithMessage("a text to find has up to 1000 characters");
            RuleForEach(endpoint => endpoint.Events).Must(WebhookTypes.Optional.Contains)
                .WithMessage($"accepted are {string.Join(", ", WebhookTypes.Optional)}");
            RuleFor(endpoint => endpoint.Since).Must(text => TryParseMoment(text!, out _)).When(endpoint => !string.IsNullOrEmpty(endpoint.Since))
                .WithMessage("write a moment with its offset, for example 2026-11-26T10:00:00+03:00");
        }
    }
}
