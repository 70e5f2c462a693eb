using WebSmsGateway.Archive.Records;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>The state of a record at one moment.</summary>
/// <param name="Record">The last good answer.</param>
/// <param name="LastFailure">The failure of the last fetch, if it failed.</param>
/// <param name="Fetch">The fetch in progress.</param>
internal readonly record struct DayState(DayRecord? Record, LastFailure? LastFailure, DayFetch? Fetch);

/// <summary>The result of a fetch. A failed one may still bring the last good record.</summary>
internal sealed record FetchOutcome(DayRecord? Record, UpstreamFailure? Failure, DaySource Source, DateTimeOffset At);

/// <summary>A fetch of one day, shared by all callers who need it. A caller who leaves does not stop it.</summary>
/// <param name="day">The day.</param>
/// <param name="started">When the first caller needed it, as a timestamp.</param>
internal sealed class DayFetch(DateOnly day, long started)
{
    private readonly TaskCompletionSource<FetchOutcome> completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private Askers askers = new();

    public DateOnly Day => day;

    public long Started => started;

    public Task<FetchOutcome> Completed => completed.Task;

    /// <summary>Adds callers who wait for the day. Where nobody does, its question has the lowest priority.</summary>
    public void Join(IEnumerable<string> callers)
    {
        lock (gate)
        {
            foreach (var caller in callers)
            {
                askers.Join(caller);
            }
        }
    }

    /// <summary>Says by which question the day is asked about. Its callers wait for that one, and so do those who join later.</summary>
    public void AskWith(Askers ofQuestion)
    {
        lock (gate)
        {
            foreach (var caller in askers.Names)
            {
                ofQuestion.Join(caller);
            }

            askers = ofQuestion;
        }
    }

    public void Complete(FetchOutcome outcome) => completed.TrySetResult(outcome);

    public void Fail(Exception exception) => completed.TrySetException(exception);
}
