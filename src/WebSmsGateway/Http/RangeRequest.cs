using FluentValidation;
using Microsoft.Extensions.Options;
using WebSmsGateway.Model;

namespace WebSmsGateway.Http;

/// <summary>A request for a range of time, as it was written.</summary>
internal interface IRangeRequest
{
    string? From { get; }

    string? To { get; }

    /// <summary>Whether the range goes on from an earlier answer, so that its start is settled.</summary>
    bool IsContinued { get; }
}

/// <summary>Says of <c>from</c> and <c>to</c> what is accepted.</summary>
internal abstract class RangeRequestValidator<TRequest> : AbstractValidator<TRequest>
    where TRequest : IRangeRequest
{
    private readonly TimeSpan maxRange;

    protected RangeRequestValidator(AccountZone zone, TimeProvider clock, IOptions<LimitsOptions> limits)
    {
        Zone = zone;
        Clock = clock;
        maxRange = limits.Value.MaxRange;
        RuleFor(request => request.From).Custom((_, context) => CheckFrom(context));
        RuleFor(request => request.To).Custom((_, context) => CheckTo(context));
    }

    protected AccountZone Zone { get; }

    protected TimeProvider Clock { get; }

    /// <summary>What <c>from</c> is unless it is given.</summary>
    protected abstract DateTimeOffset DefaultFrom { get; }

    /// <summary>What <c>from</c> is unless it is given, in the words of a refusal.</summary>
    protected abstract string DefaultFromInWords { get; }

    protected string MaxRangeInWords =>
        maxRange.TotalDays >= 1 ? $"{maxRange.TotalDays:0.##} days" : $"{maxRange.TotalHours:0.##} hours";

    protected bool IsTooLong(DateTimeOffset from, string? to) => (Moment(to, isEnd: true) ?? Clock.GetUtcNow()) - from > maxRange;

    protected DateTimeOffset? Moment(string? text, bool isEnd) =>
        text is not null && QueryTime.TryParse(text, Zone, isEnd, out var moment) ? moment : null;

    private void CheckFrom(ValidationContext<TRequest> context)
    {
        var request = context.InstanceToValidate;
        if (request.From is null)
        {
            return;
        }

        if (Moment(request.From, isEnd: false) is not { } from)
        {
            context.AddFailure(QueryTime.Accepted(request.From));
        }
        else if (from > Clock.GetUtcNow())
        {
            context.AddFailure($"lies in the future; write a moment until now, for example {Zone.DayOf(Clock.GetUtcNow()):yyyy-MM-dd}");
        }
        else if (IsAfter(from, request.To))
        {
            context.AddFailure("is after to; write the earlier moment as from, for example from=2026-03-11&to=2026-03-12");
        }
        else if (!request.IsContinued && IsTooLong(from, request.To))
        {
            context.AddFailure($"makes the range longer than {MaxRangeInWords}; ask in parts");
        }
    }

    /// <summary>Whether <c>from</c> is after <c>to</c>. A bare date ends with the first moment that is after it.</summary>
    private bool IsAfter(DateTimeOffset from, string? to) =>
        Moment(to, isEnd: true) is { } end && (from > end || (from == end && from > Moment(to, isEnd: false)));

    private void CheckTo(ValidationContext<TRequest> context)
    {
        var request = context.InstanceToValidate;
        if (request.To is null)
        {
            return;
        }

        if (Moment(request.To, isEnd: true) is not { } to)
        {
            context.AddFailure(QueryTime.Accepted(request.To));
        }
        else if (request.From is null && !request.IsContinued && IsAfter(DefaultFrom, request.To))
        {
            context.AddFailure(
                $"is before from, which is {DefaultFromInWords} unless given; "
                + $"write from too, for example from={Zone.DayOf(to.AddTicks(-1)):yyyy-MM-dd}");
        }
        else if (request.From is null && !request.IsContinued && IsTooLong(DefaultFrom, request.To))
        {
            context.AddFailure($"makes the range longer than {MaxRangeInWords}; write an earlier end, or none for now");
        }
    }
}
