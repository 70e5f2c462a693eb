using System.Security.Cryptography;
using System.Text.Json;
using WebSmsGateway.Authentication;
using WebSmsGateway.Model;
using WebSmsGateway.Webhooks.Sending;

namespace WebSmsGateway.Webhooks;

/// <summary>An endpoint with the rights of its owner, as the configuration has both.</summary>
internal sealed record WebhookEndpoint
{
    public required string Name { get; init; }

    public required Uri Url { get; init; }

    public required IReadOnlyList<WebhookSecret> Secrets { get; init; }

    /// <summary>The id of the caller whose key is the owner.</summary>
    public required string OwnerId { get; init; }

    /// <summary>The numbers that the owner may read, and of these the ones of the endpoint.</summary>
    public required NumberSet Numbers { get; init; }

    public required MessageFields Fields { get; init; }

    public required WebhookPayload Payload { get; init; }

    public required IReadOnlyCollection<string> Events { get; init; }

    /// <summary>Nothing from before is delivered; null for no such moment.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>How many messages are read at once. Each endpoint holds as many while it delivers them.</summary>
    public const int MostAtOnce = 20;

    /// <summary>The messages of the endpoint, from any moment on.</summary>
    public required MessageQuery Query { get; init; }

    /// <summary>Why nothing is sent, whatever the receiver does; null where something is.</summary>
    public required string? RefusedBecause { get; init; }

    /// <summary>A hash of everything that the endpoint was made from. Where it is equal, nothing has changed.</summary>
    public required string MadeFrom { get; init; }

    /// <summary>Makes an endpoint of valid options.</summary>
    public static WebhookEndpoint Of(WebhookEndpointOptions options, IReadOnlyList<ApiKeyOptions> keys, NumberDirectory directory)
    {
        var owner = keys.FirstOrDefault(key => key.Name.Equals(options.Owner, StringComparison.OrdinalIgnoreCase));
        var readable = owner is null ? NumberSet.None : NumberSet.Parse(owner.Numbers);
        var numbers = directory.Restrict(options.Numbers.Count == 0 ? readable : readable.Intersect(NumberSet.Parse(options.Numbers)));
        var fields = owner?.Fields ?? MessageFields.Code;
        var ownerId = $"key:{owner?.Name ?? options.Owner}";
        return new WebhookEndpoint
        {
            Name = options.Name,
            Url = options.Url!,
            Secrets = [.. options.Secrets.Select(text => WebhookSecret.TryParse(text, out var secret, out _) ? secret! : throw Invalid(options))],
            OwnerId = ownerId,
            Numbers = numbers,
            Fields = fields,
            Payload = options.Payload,
            Events = [.. options.Events],
            Since = !string.IsNullOrEmpty(options.Since) && WebhooksOptionsValidator.TryParseMoment(options.Since, out var since) ? since : null,
            Query = QueryOf(options, numbers, fields, ownerId),
            RefusedBecause =
                owner is null ? "its owner is no API key any more"
                : fields == MessageFields.Code && !string.IsNullOrEmpty(options.Contains) ? "its owner may not read texts, and so may not search them"
                : numbers is { IsAll: false, Count: 0 } ? "its owner may read none of its numbers"
                : null,
            MadeFrom = Convert.ToHexStringLower(SHA256.HashData(
                JsonSerializer.SerializeToUtf8Bytes(new object[] { options, ownerId, numbers.Fingerprint, fields, owner is null }))),
        };
    }

    /// <summary>The messages of the endpoint from a place on, and none from before <see cref="Since"/>.</summary>
    public MessageQuery QueryAt(PageCursor place)
    {
        place = Since > place.Start || place.Start is null ? place with { Start = Since } : place;
        return Query.After(place) with { Start = place.Start };
    }

    private static MessageQuery QueryOf(WebhookEndpointOptions options, NumberSet numbers, MessageFields fields, string ownerId) => new()
    {
        Numbers = numbers,
        Owner = ownerId,
        Range = default,
        Sender = !string.IsNullOrEmpty(options.Sender) && Sender.TryParse(options.Sender, out var sender) ? sender : null,
        Contains = string.IsNullOrEmpty(options.Contains) ? null : options.Contains,
        Code = options.HasCode ? CodeFilter.Any : null,
        Fields = fields,
        Ascending = true,
        Limit = MostAtOnce,
        HasCursorEach = true,
        Fingerprint = MessageQuery.OfAnyFilter,
    };

    private static InvalidOperationException Invalid(WebhookEndpointOptions options) => new($"A secret of {options.Name} was not checked.");
}
