using System.Text.Json;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Errors;

/// <summary>
/// A row of <see cref="ProblemTable"/>: the status and the texts of a problem and of its page, and the errors of WEBSMS that become it.
/// The cause is also the detail of an occurrence that has no detail of its own.
/// </summary>
internal sealed record ProblemKind(
    ProblemCode Problem, int Status, string Title, string Cause, string WhoActs, string WhatToDo, params UpstreamError[] Errors)
{
    /// <summary>The name on the wire: <c>NotFound</c> is <c>not-found</c>.</summary>
    public string Code { get; } = JsonNamingPolicy.KebabCaseLower.ConvertName(Problem.ToString());

    public string Type => "/problems/" + Code;

    /// <summary>The status, with the operator's own choice for <c>error_num</c> 1 to 4.</summary>
    public int StatusUnder(IReadOnlyDictionary<int, int>? chosen) =>
        Errors is [var error, ..] && chosen is not null && chosen.TryGetValue((int)error, out var status) ? status : Status;
}
