using System.Text.Json;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Errors;

/// <summary>What is said about one <see cref="ProblemCode"/>, in problems and on its page.</summary>
/// <param name="Problem">Which one it is.</param>
/// <param name="Status">HTTP status, unless the operator chose another one.</param>
/// <param name="Title">The same few words for every occurrence.</param>
/// <param name="Cause">What happened, in a sentence; also the detail of an occurrence that has none of its own.</param>
/// <param name="WhoActs">Who can do something about it.</param>
/// <param name="WhatToDo">What that is.</param>
/// <param name="Errors">The faults of WEBSMS that become this problem.</param>
internal sealed record ProblemKind(
    ProblemCode Problem, int Status, string Title, string Cause, string WhoActs, string WhatToDo, params UpstreamError[] Errors)
{
    /// <summary>The name on the wire: <c>NotFound</c> is <c>not-found</c>.</summary>
    public string Code { get; } = JsonNamingPolicy.KebabCaseLower.ConvertName(Problem.ToString());

    /// <summary>Address of the page that explains it.</summary>
    public string Type => "/problems/" + Code;

    /// <summary>The status, with the operator's own choice for <c>error_num</c> 1 to 4.</summary>
    public int StatusUnder(IReadOnlyDictionary<int, int>? chosen) =>
        Errors is [var error, ..] && chosen is not null && chosen.TryGetValue((int)error, out var status) ? status : Status;
}
