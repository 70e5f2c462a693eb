using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.RentedNumbers;

/// <summary>The query of the list of numbers as it was written.</summary>
internal sealed record RentedNumbersRequest : IQueryParameters
{
    public static IReadOnlyList<string> Names { get; } = ["from", "to"];

    /// <summary>
    /// First moment, inclusive: a date-time with offset (RFC 3339), a local one in the account's zone, or a date, which is that
    /// day's start there. A local time that a change of the clock skipped is the moment of the change; one that came twice is the
    /// earlier moment. Default: 7 days ago.
    /// </summary>
    /// <example>2013-03-11</example>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>
    /// Last moment, exclusive, written as <c>from</c>; a bare date means through the end of that day. A local time that came twice is the
    /// later moment. Default: now.
    /// </summary>
    /// <example>2013-03-11</example>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>What was read from it; set by its validator.</summary>
    internal TimeRange Range { get; set; }
}

/// <summary>Reads the query of the list, and says of every faulty parameter what is accepted.</summary>
internal sealed class RentedNumbersRequestValidator : AbstractValidator<RentedNumbersRequest>
{
    /// <summary>How far the list looks back unless told.</summary>
    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(7);

    public RentedNumbersRequestValidator(QueryRules rules, TimeProvider clock) => RuleFor(request => request).Custom(
        (request, context) => request.Range =
            rules.Begin(context).Range(request.From, request.To, (clock.GetUtcNow() - DefaultRange, "7 days ago")));
}
