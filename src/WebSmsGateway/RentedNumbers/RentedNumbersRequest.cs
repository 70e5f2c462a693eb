using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.RentedNumbers;

/// <summary>The query of the list of numbers as it was written.</summary>
internal sealed record RentedNumbersRequest : IQueryParameters, IRangeRequest
{
    public static IReadOnlyList<string> Names { get; } = ["from", "to"];

    /// <summary>
    /// First moment, inclusive: a date-time with offset (RFC 3339), a local one in the account's zone, or a date, which is that
    /// day's start there. Default: 7 days ago.
    /// </summary>
    /// <example>2013-03-11</example>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>Last moment, exclusive, written as <c>from</c>; a bare date means through the end of that day. Default: now.</summary>
    /// <example>2013-03-11</example>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    bool IRangeRequest.IsContinued => false;
}

internal sealed class RentedNumbersRequestValidator(AccountZone zone, TimeProvider clock, IOptions<LimitsOptions> limits)
    : RangeRequestValidator<RentedNumbersRequest>(zone, clock, limits)
{
    /// <summary>How far the list looks back unless told.</summary>
    public static readonly TimeSpan DefaultRange = TimeSpan.FromDays(7);

    protected override DateTimeOffset DefaultFrom => Clock.GetUtcNow() - DefaultRange;

    protected override string DefaultFromInWords => "7 days ago";
}
