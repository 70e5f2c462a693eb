
namespace WebSmsGateway.Authentication;

/// <summary>
/// Ends requests whose credentials end while they run: everything behind it sees the caller leave. An answer that has not begun is a 401.
/// One that has begun is cut, and a stream writes its last event itself.
/// </summary>
internal sealed class CredentialsEndMiddleware(RequestDelegate next, TokenCallers tokens, TimeProvider clock)
{
    // The longest time of a timer is 49 days. An answer that is open for so long may begin anew.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    public Task InvokeAsync(HttpContext context) =>
        RequestCaller.Of(context) is { Numbers: not null, Credentials: { } credentials } request
        && (credentials.Until is not null || credentials.Withdrawn.CanBeCanceled)
            ? RunAsync(context, request, credentials)
            : next(context);

    private async Task RunAsync(HttpContext context, RequestCaller request, CallerCredentials credentials)
    {
        var left = context.RequestAborted;
        using var expired = credentials.Until is { } until ? new CancellationTokenSource(RestOf(until), clock) : null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            credentials.Withdrawn, credentials.SignerWithdrawn, expired?.Token ?? default);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(left, ended.Token);
        request.CredentialsEnded = ended.Token;
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !left.IsCancellationRequested)
        {
            context.RequestAborted = left;
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            await CallerGuard.ChallengeAsync(context, tokens.AreAccepted, CredentialFault.Ended);
        }
        finally
        {
            context.RequestAborted = left;
        }
    }

    private TimeSpan RestOf(DateTimeOffset until)
    {
        var rest = until - clock.GetUtcNow();
        return rest < TimeSpan.Zero ? TimeSpan.Zero : rest < Longest ? rest : Longest;
    }
}
