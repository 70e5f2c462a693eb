namespace WebSmsGateway.Upstream;

/// <summary>Holds questions until it is their turn.</summary>
internal sealed class QuestionTurns(int turns, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly QuestionQueue queue = new(turns);
    private readonly long origin = time.GetTimestamp();

    /// <summary>How many questions wait.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return queue.Waiting;
            }
        }
    }

    /// <summary>Waits for the turn of a question. The caller disposes the result when the question has been answered.</summary>
    public async ValueTask<QuestionTurn> EnterAsync(UpstreamQuestion question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new WaitingQuestion(question);
        foreach (var asker in question.Askers.Watch(asker => Join(waiting, asker)))
        {
            Join(waiting, asker);
        }

        try
        {
            lock (gate)
            {
                if (queue.Add(waiting, Now) is var outcome and not QueueOutcome.Admitted)
                {
                    return new QuestionTurn(outcome, null);
                }

                GiveTurns();
            }

            await waiting.Turn.Task.WaitAsync(cancellationToken);
            return new QuestionTurn(QueueOutcome.Admitted, () => End(waiting));
        }
        catch (OperationCanceledException)
        {
            End(waiting);
            throw;
        }
        finally
        {
            question.Askers.Watch(null);
        }
    }

    private TimeSpan Now => time.GetElapsedTime(origin);

    private void Join(WaitingQuestion waiting, string asker)
    {
        lock (gate)
        {
            queue.Join(waiting, asker);
            GiveTurns();
        }
    }

    private void End(WaitingQuestion waiting)
    {
        lock (gate)
        {
            queue.End(waiting);
            GiveTurns();
        }
    }

    private void GiveTurns()
    {
        while (queue.Take(Now) is WaitingQuestion next)
        {
            next.Turn.TrySetResult();
        }
    }

    private sealed class WaitingQuestion(UpstreamQuestion question) : QueuedQuestion(question.Kind, question.Days, [])
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The turn of a question, or why it has none.</summary>
internal readonly struct QuestionTurn(QueueOutcome outcome, Action? end) : IDisposable
{
    public QueueOutcome Outcome => outcome;

    public void Dispose() => end?.Invoke();
}
