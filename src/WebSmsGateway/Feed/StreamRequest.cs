using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using WebSmsGateway.Messages;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Feed;

/// <summary>The query of a stream as it was written.</summary>
internal sealed record StreamRequest : IQueryParameters
{
    public const string LastEventIdHeader = "Last-Event-ID";

    public static IReadOnlyList<string> Names { get; } = ["sender", "contains", "cursor"];

    /// <summary>Exact sender: a number (with or without <c>+</c>) or a name in any letter case. Default: any.</summary>
    [FromQuery(Name = "sender")]
    public string? Sender { get; init; }

    /// <summary>Text to find in the message, in any letter case, Cyrillic too; up to 1,000 characters. Default: any.</summary>
    [FromQuery(Name = "contains")]
    public string? Contains { get; init; }

    /// <summary>
    /// Where to go on: the <c>id</c> of an event, or <c>nextCursor</c> of a page with <c>order=asc</c> and the same number, sender
    /// and contains. Default: <c>now</c>, only what arrives from here on.
    /// </summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>
    /// The <c>id</c> of the last event that was received, as browsers send it on reconnecting; goes before <c>cursor</c>.
    /// </summary>
    [FromHeader(Name = LastEventIdHeader)]
    public string? LastEventId { get; init; }

    /// <summary>Where to go on, whoever says it; null: now.</summary>
    public string? Start => string.IsNullOrEmpty(LastEventId) ? (Cursor == PageQuery.NowCursor ? null : Cursor) : LastEventId;

    /// <summary>The query whose pages the stream hands out.</summary>
    public PageRequest AsPage() => new() { Sender = Sender, Contains = Contains, Order = "asc", Cursor = Start ?? PageQuery.NowCursor };
}

/// <summary>Says of every parameter of a stream what is accepted.</summary>
internal sealed class StreamRequestValidator : AbstractValidator<StreamRequest>
{
    private readonly TimeSpan maxRange;
    private readonly AccountZone zone;
    private readonly TimeProvider clock;

    public StreamRequestValidator(AccountZone zone, TimeProvider clock, IOptions<LimitsOptions> limits)
    {
        this.zone = zone;
        this.clock = clock;
        maxRange = limits.Value.MaxRange;
        RuleFor(request => request.Sender).Must(MessageFilter.IsSender).WithMessage(MessageFilter.AcceptedSender);
        RuleFor(request => request.Contains).Must(MessageFilter.IsText).WithMessage(MessageFilter.AcceptedText);
        RuleFor(request => request.Start)
            .Custom((_, context) => CheckStart(context))
            .When(request => request.Start is not null);
    }

    private void CheckStart(ValidationContext<StreamRequest> context)
    {
        var request = context.InstanceToValidate;
        var name = string.IsNullOrEmpty(request.LastEventId) ? nameof(request.Cursor) : StreamRequest.LastEventIdHeader;
        if (PageCursor.Decode(request.Start!) is not { } cursor)
        {
            context.AddFailure(name, "is damaged; write the id of an event as it was, or leave it out to begin now");
            return;
        }

        if (!PageQuery.Of(request.AsPage(), context.RentedNumber(), NumberSet.All, zone, clock).IsOfSameMessages(cursor))
        {
            context.AddFailure(
                name, "belongs to another query; keep number, sender and contains as they were, or leave it out to begin now");
        }
        else if (clock.GetUtcNow() - cursor.Start > maxRange)
        {
            context.AddFailure(name, $"stands more than {maxRange.TotalDays:0.##} days back; read the past by pages and go on from there");
        }
    }
}
