using FluentValidation;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>Reads the query of a page and reports for every faulty parameter what is accepted.</summary>
internal sealed class PageRequestValidator : AbstractValidator<PageRequest>
{
    public PageRequestValidator(QueryRules rules) =>
        RuleFor(request => request).Custom((request, context) =>
        {
            var reading = rules.Begin(context);
            var query = Read(request, reading);
            request.Query = reading.HasFaults ? null : query;
        });

    private static MessageQuery Read(PageRequest request, QueryReading reading)
    {
        reading.Range(request.From, request.To, (reading.Today, "today 00:00"), isContinued: request.Cursor is not null);
        var query = reading.Query(
            reading.Sender(request.Sender), reading.Contains(request.Contains), reading.Order(request.Order), reading.HasCode(request.HasCode));
        query = query with
        {
            Limit = reading.Limit(request.Limit),
            Wait = reading.Wait(request.Wait, isOpen: query.Ascending && request.To is null),
        };
        if (request.Cursor == QueryReading.Now)
        {
            if (!query.Ascending)
            {
                reading.Fault(nameof(request.Cursor), "now goes with order=asc only: it means what arrives from here on");
            }

            return reading.FromHereOn(query);
        }

        return request.Cursor is null ? query : reading.After(
            query, request.Cursor, nameof(request.Cursor), ofAnyRange: false,
            ("write nextCursor of an earlier page as it was, or with order=asc the word now",
                "keep number, from, to, sender, contains, hasCode and order as they were, or start without a cursor",
                "start again with from"));
    }
}
