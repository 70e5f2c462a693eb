using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>The query of a page as it was written; <see cref="PageRequestValidator"/> says what is accepted.</summary>
internal sealed record PageRequest : IQueryParameters
{
    public static IReadOnlyList<string> Names { get; } =
        ["from", "to", "sender", "contains", "order", "limit", "cursor", "hasCode", "wait"];

    /// <summary>
    /// First moment, inclusive: a date-time with offset (RFC 3339), a local one in the account's zone, or a date, which is that
    /// day's start there. A local time that a change of the clock skipped is the moment of the change; one that came twice is the
    /// earlier moment. Default: today 00:00.
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

    /// <summary>Exact sender: a number (with or without <c>+</c>) or a name in any letter case, for example <c>79161234567</c> or <c>Sberbank</c>. Default: any.</summary>
    [FromQuery(Name = "sender")]
    public string? Sender { get; init; }

    /// <summary>Text to find in the message, in any letter case, Cyrillic too; up to 1,000 characters. Default: any.</summary>
    [FromQuery(Name = "contains")]
    public string? Contains { get; init; }

    /// <summary><c>desc</c>: newest first; <c>asc</c>: oldest first.</summary>
    [AllowedValues("desc", "asc"), DefaultValue("desc")]
    [FromQuery(Name = "order")]
    public string? Order { get; init; }

    /// <summary>Messages in a page, 1 to 1000. Downloads (CSV, NDJSON) have no limit unless given.</summary>
    [Range(1, MessageQuery.MaxLimit), DefaultValue(MessageQuery.DefaultLimit)]
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>
    /// The <c>nextCursor</c> of an earlier page of the same query; or, with <c>order=asc</c>, the word <c>now</c>: only what arrives
    /// from here on.
    /// </summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary><c>true</c>: only messages with a one-time code.</summary>
    [DefaultValue(false)]
    [FromQuery(Name = "hasCode")]
    public string? HasCode { get; init; }

    /// <summary>
    /// Seconds to hold the answer until something new is there, 0 to 60; goes with <c>order=asc</c> and without <c>to</c>. A wait
    /// that runs out gives 200, no items, and the cursor to go on with. Default: 0.
    /// </summary>
    [Range(0d, MessageQuery.MaxWaitSeconds)]
    [FromQuery(Name = "wait")]
    public string? Wait { get; init; }

    /// <summary>What was read from it; null until its validator has run.</summary>
    internal MessageQuery? Query { get; set; }
}
