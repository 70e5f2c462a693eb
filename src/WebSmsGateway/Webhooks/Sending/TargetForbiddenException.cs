namespace WebSmsGateway.Webhooks.Sending;

/// <summary>A connection that was refused by a rule before it was opened. The message names the rule.</summary>
internal sealed class TargetForbiddenException(string rule) : IOException(rule)
{
    /// <summary>The refusing rule behind the failure of a request, which the handler wraps; null if no rule refused it.</summary>
    public static TargetForbiddenException? Behind(Exception? failure)
    {
        while (failure is not (null or TargetForbiddenException))
        {
            failure = failure.InnerException;
        }

        return failure as TargetForbiddenException;
    }
}
