using FluentValidation;
using Microsoft.Extensions.Options;
using WebSmsGateway.RentedNumbers;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>Says of every parameter of a page what is accepted. Nothing that it refuses reaches WEBSMS.</summary>
internal sealed class PageRequestValidator : AbstractValidator<PageRequest>
{
    private readonly AccountZone zone;
    private readonly TimeProvider clock;
    private readonly TimeSpan maxRange;
    private readonly IHttpContextAccessor http;

    public PageRequestValidator(AccountZone zone, TimeProvider clock, IOptions<LimitsOptions> limits, IHttpContextAccessor http)
    {
        this.zone = zone;
        this.clock = clock;
        this.http = http;
        maxRange = limits.Value.MaxRange;
        RuleFor(request => request.From).Custom((_, context) => CheckFrom(context));
        RuleFor(request => request.To).Custom((_, context) => CheckTo(context));
        RuleFor(request => request.Sender)
            .Must(sender => sender is null || sender.Trim().Length is >= 1 and <= 64)
            .WithMessage("write a number or a name of 1 to 64 characters, for example 79161234567 or Sberbank");
        RuleFor(request => request.Contains)
            .Must(text => text is null || text.Length is >= 1 and <= 1000)
            .WithMessage("write the text to find, 1 to 1000 characters, for example код");
        RuleFor(request => request.Order)
            .Must(order => order is null || order.ToUpperInvariant() is "ASC" or "DESC")
            .WithMessage("accepted are desc (newest first) and asc (oldest first)");
        RuleFor(request => request.Limit)
            .Must(limit => limit is null || (int.TryParse(limit, out var number) && number is >= 1 and <= PageQuery.MaxLimit))
            .WithMessage($"accepted is a whole number from 1 to {PageQuery.MaxLimit}, for example 100");
        RuleFor(request => request.Cursor).Custom((_, context) => CheckCursor(context));
    }

    private void CheckFrom(ValidationContext<PageRequest> context)
    {
        if (Moment(context.InstanceToValidate.From, isEnd: false) is not { } from)
        {
            if (context.InstanceToValidate.From is not null)
            {
                context.AddFailure($"is no moment: {QueryTime.Accepted}");
            }

            return;
        }

        if (from > clock.GetUtcNow())
        {
            context.AddFailure($"lies in the future; write a moment until now, for example {zone.DayOf(clock.GetUtcNow()):yyyy-MM-dd}");
        }
        else if (Moment(context.InstanceToValidate.To, isEnd: true) is { } to && from > to)
        {
            context.AddFailure("is after to; write the earlier moment as from");
        }
        else if (context.InstanceToValidate.Cursor is null && IsTooLong(from, context.InstanceToValidate.To))
        {
            context.AddFailure($"makes the range longer than {Describe(maxRange)}; ask in parts");
        }
    }

    private void CheckTo(ValidationContext<PageRequest> context)
    {
        var request = context.InstanceToValidate;
        if (request.To is null)
        {
            return;
        }

        if (Moment(request.To, isEnd: true) is not { } to)
        {
            context.AddFailure($"is no moment: {QueryTime.Accepted}");
        }
        else if (request.From is null && request.Cursor is null && to < Today())
        {
            context.AddFailure($"is before from, which is today 00:00 unless given; write from too, for example from={zone.DayOf(to.AddTicks(-1)):yyyy-MM-dd}");
        }
    }

    private void CheckCursor(ValidationContext<PageRequest> context)
    {
        var request = context.InstanceToValidate;
        if (request.Cursor is null)
        {
            return;
        }

        if (request.Cursor == PageQuery.NowCursor)
        {
            if (!PageQuery.IsAscending(request))
            {
                context.AddFailure("now goes with order=asc only: it means what arrives from here on");
            }

            return;
        }

        if (PageCursor.Decode(request.Cursor) is not { } cursor)
        {
            context.AddFailure("is damaged; write nextCursor of an earlier page as it was, or with order=asc the word now");
            return;
        }

        if (!IsReadable(request))
        {
            return;
        }

        var number = http.HttpContext?.Request.RouteValues["number"] as string;
        if (PageQuery.Of(request, number?.TrimStart('+'), NumberView.All, zone, clock).Fingerprint != cursor.Query)
        {
            context.AddFailure("belongs to another query; keep number, from, to, sender, contains and order as they were, or start without a cursor");
        }
        else if (IsTooLong(cursor.Start, request.To))
        {
            context.AddFailure($"stands more than {Describe(maxRange)} back; start again with from");
        }
    }

    /// <summary>Whether the parameters that a fingerprint is made of can be read; otherwise they are told, and nothing else can be said.</summary>
    private bool IsReadable(PageRequest request) =>
        (request.From is null || Moment(request.From, isEnd: false) is not null)
        && (request.To is null || Moment(request.To, isEnd: true) is not null)
        && (request.Limit is null || int.TryParse(request.Limit, out _));

    private bool IsTooLong(DateTimeOffset from, string? to) => (Moment(to, isEnd: true) ?? clock.GetUtcNow()) - from > maxRange;

    private DateTimeOffset Today() => zone.StartOf(zone.DayOf(clock.GetUtcNow()));

    private DateTimeOffset? Moment(string? text, bool isEnd) =>
        text is not null && QueryTime.TryParse(text, zone, isEnd, out var moment) ? moment : null;

    private static string Describe(TimeSpan range) =>
        range.TotalDays >= 1 ? $"{range.TotalDays:0.##} days" : $"{range.TotalHours:0.##} hours";
}
