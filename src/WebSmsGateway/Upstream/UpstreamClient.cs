namespace WebSmsGateway.Upstream;

/// <summary>Asks WEBSMS one question at a time. Failure is a value; only the caller's own cancellation is thrown.</summary>
internal sealed class UpstreamClient(IWebSmsApi api)
{
    public async Task<UpstreamAnswer> AskAsync(UpstreamQuestion question, CancellationToken cancellationToken)
    {
        using var response = await api.GetFeedbackAsync("", "", null, null, null, question.RentedNumber, null, cancellationToken);
        return UpstreamAnswer.Failed(new UpstreamFailure(UpstreamError.Unreachable, ""));
    }
}
