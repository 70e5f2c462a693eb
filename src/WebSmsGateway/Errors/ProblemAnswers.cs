namespace WebSmsGateway.Errors;

/// <summary>Metadata of an endpoint: the problems that it can answer with, without those of the middleware before it.</summary>
internal sealed record ProblemAnswers(params ProblemCode[] Codes)
{
    /// <summary>All failures of WEBSMS. "No records" is none: it is an empty page.</summary>
    public static readonly ProblemAnswers OfUpstream = new(
        [.. ProblemTable.Rows.Where(row => row.Errors.Length > 0 && row.Status != 200).Select(row => row.Problem)]);
}
