using WebSmsGateway.Archive.Following;
using WebSmsGateway.Errors;
using WebSmsGateway.Model;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>Finds the messages of a replay.</summary>
internal sealed class WebhookReplays(Follower follower)
{
    public const int Most = 1000;

    /// <summary>The ids of the messages, the oldest first; or the problem.</summary>
    public async Task<(IReadOnlyList<string> Ids, ProblemResult? Problem)> FindAsync(
        EndpointRun run, ReplayRequest request, CancellationToken cancellationToken)
    {
        var left = run.Keeper.Orders.ReplaysLeft(run.Keeper.State?.Replayed ?? new ReplayPlace(0, 0));
        var (ids, problem) = request.Message is { } id
            ? await FindAsync(run.Endpoint, id, cancellationToken)
            : await FindAsync(run.Endpoint, request.Range, cancellationToken);
        return problem is null && ids.Count + left > Most ? ([], TooMany(request, ids.Count, left)) : (ids, problem);
    }

    private async Task<(IReadOnlyList<string> Ids, ProblemResult? Problem)> FindAsync(
        WebhookEndpoint endpoint, MessageId id, CancellationToken cancellationToken)
    {
        var (message, read) = await follower.FindAsync(null, endpoint.Numbers, id, endpoint.OwnerId, cancellationToken);
        return message is not null ? ([id.ToString()], null)
            : read.Failure is { } failure ? ([], ProblemResult.Of(failure))
            : ([], ProblemResult.Of(ProblemCode.NotFound, "The webhook has no message with this id."));
    }

    private async Task<(IReadOnlyList<string> Ids, ProblemResult? Problem)> FindAsync(
        WebhookEndpoint endpoint, TimeRange range, CancellationToken cancellationToken)
    {
        var query = endpoint.Query with { Range = range, Start = range.From, Limit = Most + 1, HasCursorEach = false };
        var reading = await follower.ReadAsync(query, cancellationToken);
        return (reading.Failure ?? reading.EndedBefore) is { } failure
            ? ([], ProblemResult.Of(failure))
            : ([.. reading.Page!.Items.Select(message => message.Id.ToString())], null);
    }

    private static ProblemResult TooMany(ReplayRequest request, int found, int left) => ProblemResult.InvalidRequest(new Dictionary<string, string[]>
    {
        [request.Message is null ? "from" : "id"] =
        [
            left == 0 || found > Most
                ? $"makes more than {Most} messages; ask in parts"
                : $"makes more than {Most} messages with the {left} that wait to be replayed; ask again when they are delivered, or for less than {found}",
        ],
    });
}
