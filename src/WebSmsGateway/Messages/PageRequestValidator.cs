using System.Globalization;
using FluentValidation;
using Microsoft.Extensions.Options;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>Says of every parameter of a page what is accepted. Nothing that it refuses reaches WEBSMS.</summary>
internal sealed class PageRequestValidator : RangeRequestValidator<PageRequest>
{
    public PageRequestValidator(AccountZone zone, TimeProvider clock, IOptions<LimitsOptions> limits)
        : base(zone, clock, limits)
    {
        RuleFor(request => request.Sender).Must(MessageFilter.IsSender).WithMessage(MessageFilter.AcceptedSender);
        RuleFor(request => request.Contains).Must(MessageFilter.IsText).WithMessage(MessageFilter.AcceptedText);
        RuleFor(request => request.Order)
            .Must(order => order is null || order.ToUpperInvariant() is "ASC" or "DESC")
            .WithMessage("accepted are desc (newest first) and asc (oldest first)");
        RuleFor(request => request.Limit)
            .Must(limit => limit is null || (IsWholeNumber(limit, out var number) && number is >= 1 and <= PageQuery.MaxLimit))
            .WithMessage($"accepted is a whole number from 1 to {PageQuery.MaxLimit}, for example 100");
        RuleFor(request => request.Wait).Custom((_, context) => CheckWait(context));
        RuleFor(request => request.Cursor).Custom((_, context) => CheckCursor(context));
    }

    protected override DateTimeOffset DefaultFrom => Zone.StartOf(Zone.DayOf(Clock.GetUtcNow()));

    protected override string DefaultFromInWords => "today 00:00";

    private static void CheckWait(ValidationContext<PageRequest> context)
    {
        var request = context.InstanceToValidate;
        if (request.Wait is null)
        {
            return;
        }

        if (!double.TryParse(request.Wait, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || seconds is not (>= 0 and <= PageQuery.MaxWaitSeconds))
        {
            context.AddFailure($"accepted are 0 to {PageQuery.MaxWaitSeconds} seconds, for example 30");
        }
        else if (seconds > 0 && (!PageQuery.IsAscending(request) || request.To is not null))
        {
            context.AddFailure("goes with order=asc and without to: it holds the answer until something new is there");
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

        // Where the parameters that make the query cannot be read they are told, and of the cursor nothing can be said.
        if (!IsReadable(request))
        {
            return;
        }

        if (PageQuery.Of(request, context.RentedNumber(), NumberSet.All, Zone, Clock).Fingerprint != cursor.Query)
        {
            context.AddFailure(
                "belongs to another query; keep number, from, to, sender, contains and order as they were, or start without a cursor");
        }
        else if (IsTooLong(cursor.Start, request.To))
        {
            context.AddFailure($"stands more than {MaxRangeInWords} back; start again with from");
        }
    }

    private bool IsReadable(PageRequest request) =>
        (request.From is null || Moment(request.From, isEnd: false) is not null)
        && (request.To is null || Moment(request.To, isEnd: true) is not null)
        && (request.Limit is null || IsWholeNumber(request.Limit, out _))
        && (request.Wait is null || double.TryParse(request.Wait, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _));

    private static bool IsWholeNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, null, out number);
}
