using System.ComponentModel;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Feed;

/// <summary>The query of a stream as it was written.</summary>
internal sealed record StreamRequest : IQueryParameters
{
    public const string LastEventIdHeader = "Last-Event-ID";

    public static IReadOnlyList<string> Names { get; } = ["sender", "contains", "hasCode", "cursor", "lastEventId"];

    /// <summary>Exact sender: a number (with or without <c>+</c>) or a name in any letter case. Default: any.</summary>
    [FromQuery(Name = "sender")]
    public string? Sender { get; init; }

    /// <summary>Text to find in the message, in any letter case, Cyrillic too; up to 1,000 characters. Default: any.</summary>
    [FromQuery(Name = "contains")]
    public string? Contains { get; init; }

    /// <summary><c>true</c>: only messages with a one-time code.</summary>
    [DefaultValue(false)]
    [FromQuery(Name = "hasCode")]
    public string? HasCode { get; init; }

    /// <summary>
    /// Where to go on: the <c>id</c> of an event, or <c>nextCursor</c> of a page with <c>order=asc</c> and the same number, sender,
    /// contains and hasCode. Default: <c>now</c>, only what arrives from here on.
    /// </summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>
    /// The same as the header <c>Last-Event-ID</c>, as polyfills of <c>EventSource</c> send it on reconnecting; goes before <c>cursor</c>.
    /// </summary>
    [FromQuery(Name = "lastEventId")]
    public string? LastEventIdOfQuery { get; init; }

    /// <summary>
    /// The <c>id</c> of the last event that was received, as browsers send it on reconnecting; goes before <c>cursor</c>.
    /// </summary>
    [FromHeader(Name = LastEventIdHeader)]
    public string? LastEventId { get; init; }

    /// <summary>Where to go on, and the name of the parameter that says it; null: now. What a reader received last goes before all else.</summary>
    internal (string Name, string Cursor)? Start =>
        LastEventId is { Length: > 0 } header ? (LastEventIdHeader, header)
        : LastEventIdOfQuery is { Length: > 0 } query ? ("LastEventId", query)
        : Cursor is null or QueryReading.Now ? null
        : (nameof(Cursor), Cursor);

    /// <summary>What was read from it; null until its validator has run.</summary>
    internal MessageQuery? Query { get; set; }
}

/// <summary>Reads the query of a stream, and says of every faulty parameter what is accepted.</summary>
internal sealed class StreamRequestValidator : AbstractValidator<StreamRequest>
{
    public StreamRequestValidator(QueryRules rules) =>
        RuleFor(request => request).Custom((request, context) =>
        {
            var reading = rules.Begin(context);
            var query = Read(request, reading);
            request.Query = reading.HasFaults ? null : query;
        });

    private static MessageQuery Read(StreamRequest request, QueryReading reading)
    {
        var query = reading.Query(
            reading.Sender(request.Sender), reading.Contains(request.Contains), ascending: true, reading.HasCode(request.HasCode)) with
        {
            Limit = MessageQuery.StreamLimit,
            HasCursorEach = true,
        };
        return request.Start is not { } start ? reading.FromHereOn(query) : reading.After(
            query, start.Cursor, start.Name, ofAnyRange: true,
            ("write the id of an event as it was, or leave it out to begin now",
                "keep number, sender, contains and hasCode as they were, or leave it out to begin now",
                "read the past by pages and go on from there"));
    }
}
