namespace WebSmsGateway.Errors;

/// <summary>Metadata of an endpoint: problems that it can answer with. The edges in front of it have their own.</summary>
internal sealed record ProblemAnswers(params ProblemCode[] Codes)
{
    /// <summary>Everything that WEBSMS can do wrong, except that it has no records, which is a page.</summary>
    public static readonly ProblemAnswers OfUpstream = new(
        [.. ProblemTable.Rows.Where(row => row.Errors.Length > 0 && row.Status != 200).Select(row => row.Problem)]);
}
