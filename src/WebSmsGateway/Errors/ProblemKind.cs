namespace WebSmsGateway.Errors;

/// <summary>What is said about one <see cref="ProblemCode"/>, in problems and on its page.</summary>
/// <param name="Code">The name on the wire and in the page's address.</param>
/// <param name="Status">HTTP status, unless the operator chose another one.</param>
/// <param name="Title">The same few words for every occurrence.</param>
/// <param name="Cause">What happened, in a sentence; also the detail of an occurrence that has none of its own.</param>
/// <param name="WhoActs">Who can do something about it.</param>
/// <param name="WhatToDo">What that is.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string Cause, string WhoActs, string WhatToDo)
{
    /// <summary>Address of the page that explains it.</summary>
    public string Type { get; } = "/problems/" + Code;
}
