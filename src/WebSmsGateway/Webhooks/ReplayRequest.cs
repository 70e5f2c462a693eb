using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Webhooks;

/// <summary>The query of a replay as it was written.</summary>
internal sealed record ReplayRequest : IQueryParameters
{
    public static IReadOnlyList<string> Names { get; } = ["from", "to", "id"];

    /// <summary>
    /// First moment, inclusive: a date-time with offset (RFC 3339), a local one in the account's zone, or a date, which is that day's start there.
    /// Required without <c>id</c>.
    /// </summary>
    /// <example>2013-03-11</example>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>Last moment, exclusive, written as <c>from</c>; a bare date means through the end of that day. Default: now.</summary>
    /// <example>2013-03-11</example>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>The id of one message, such as one that is parked; not with <c>from</c> and <c>to</c>.</summary>
    [FromQuery(Name = "id")]
    public string? Id { get; init; }

    /// <summary>What was read from it; set by its validator.</summary>
    internal TimeRange Range { get; set; }

    internal MessageId? Message { get; set; }
}

/// <summary>Reads the query of a replay, and says of every faulty parameter what is accepted.</summary>
internal sealed class ReplayRequestValidator : AbstractValidator<ReplayRequest>
{
    public ReplayRequestValidator(QueryRules rules, TimeProvider clock) => RuleFor(request => request).Custom((request, context) =>
    {
        var reading = rules.Begin(context);
        if (request.Id is null)
        {
            request.Range = reading.Range(request.From, request.To, (clock.GetUtcNow(), "now"));
            if (request.From is null)
            {
                reading.Fault(nameof(request.From), "is required without id: write the first moment, for example 2026-03-11");
            }

            return;
        }

        if (request.From is not null || request.To is not null)
        {
            reading.Fault(nameof(request.Id), "does not go with from and to: write one message, or a range");
        }

        if (!MessageId.TryParse(request.Id, out var id))
        {
            reading.Fault(nameof(request.Id), "write the id of a message, for example 20130311-7K3M9Q2X4C8N");
            return;
        }

        request.Message = id;
    });
}
