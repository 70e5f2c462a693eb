using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Codes;

/// <summary>The query of the next code as it was written.</summary>
internal sealed record CodeRequest : IQueryParameters
{
    public static IReadOnlyList<string> Names { get; } = ["wait", "cursor", "sender", "match", "confidence"];

    /// <summary>Seconds to wait for a code, 0 to 60. Where none comes in time, the answer is 204.</summary>
    [Range(0d, MessageQuery.MaxWaitSeconds), DefaultValue(MessageQuery.MaxWaitSeconds)]
    [FromQuery(Name = "wait")]
    public string? Wait { get; init; }

    /// <summary>
    /// Where to begin: the <c>Next-Cursor</c> of an earlier answer to the same query, so that no code between the two is lost, or
    /// <c>now</c>: only what arrives from here on.
    /// </summary>
    [DefaultValue(QueryReading.Now)]
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>Exact sender: a number (with or without <c>+</c>) or a name in any letter case. Default: any.</summary>
    [FromQuery(Name = "sender")]
    public string? Sender { get; init; }

    /// <summary>
    /// A regular expression of your own in place of the rule, up to 200 characters: the text of its one group in the first match is the
    /// code, as it stands. No lookarounds and no backreferences, so that it is matched in linear time. Default: the rule.
    /// </summary>
    [FromQuery(Name = "match")]
    public string? Match { get; init; }

    /// <summary>
    /// <c>high</c>: only codes that a word in their own sentence names, or that are bound to an origin; not with <c>match</c>. Default: any.
    /// </summary>
    [AllowedValues("high")]
    [FromQuery(Name = "confidence")]
    public string? Confidence { get; init; }

    /// <summary>What was read from it; null until its validator has run.</summary>
    internal MessageQuery? Query { get; set; }
}

/// <summary>Reads the query of the next code, and says of every faulty parameter what is accepted.</summary>
internal sealed class CodeRequestValidator : AbstractValidator<CodeRequest>
{
    private const string LongestWait = "60";

    public CodeRequestValidator(QueryRules rules) =>
        RuleFor(request => request).Custom((request, context) =>
        {
            var reading = rules.Begin(context);
            var query = Read(request, reading);
            request.Query = reading.HasFaults ? null : query;
        });

    // A page of one message, so that the cursor stands right behind it.
    private static MessageQuery Read(CodeRequest request, QueryReading reading)
    {
        var code = reading.Code(request.Match, request.Confidence);
        var query = reading.Query(reading.Sender(request.Sender), contains: null, ascending: true, code) with
        {
            Limit = 1,
            Wait = reading.Wait(request.Wait ?? LongestWait, isOpen: true),
        };
        return request.Cursor is null or QueryReading.Now ? reading.FromHereOn(query) : reading.After(
            query, request.Cursor, nameof(request.Cursor), ofAnyRange: true,
            ("write Next-Cursor of an earlier answer as it was, or leave it out to begin now",
                "keep number, sender, match and confidence as they were, or leave it out to begin now",
                "leave it out to begin now, or read the past by pages"));
    }
}
