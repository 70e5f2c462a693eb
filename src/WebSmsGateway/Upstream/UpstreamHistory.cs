using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream;

/// <summary>
/// What WEBSMS said last, good and bad, and the newest time that it wrote on a message. Health is told from this: nothing is asked
/// for its sake.
/// </summary>
internal sealed class UpstreamHistory(AccountZone zone, TimeProvider clock)
{
    private readonly Lock gate = new();
    private UpstreamPast past = new(null, null, null, null);

    /// <summary>What is known now.</summary>
    public UpstreamPast Past => Volatile.Read(ref past);

    /// <summary>Takes note of what one attempt brought.</summary>
    public void Record(UpstreamAnswer answer)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (answer.Failure is { } failure)
            {
                past = past with { LastFailure = failure, LastFailureAt = now };
                return;
            }

            // The tail of an open day holds what arrived last; a closed day's records are older and change nothing here.
            var newest = past.NewestRecord;
            foreach (var record in answer.Records)
            {
                var written = zone.ToInstant(record.Date);
                if (newest is null || written > newest.WrittenAt)
                {
                    newest = new NewestRecord(written, written - now);
                }
            }

            past = past with { LastGoodAt = now, NewestRecord = newest };
        }
    }
}

/// <summary>What WEBSMS said last.</summary>
/// <param name="LastGoodAt">When the last good answer was there.</param>
/// <param name="LastFailureAt">When the last attempt failed.</param>
/// <param name="LastFailure">How it failed.</param>
/// <param name="NewestRecord">The newest message that was ever seen.</param>
internal sealed record UpstreamPast(
    DateTimeOffset? LastGoodAt, DateTimeOffset? LastFailureAt, UpstreamFailure? LastFailure, NewestRecord? NewestRecord)
{
    /// <summary>Whether the last word was a failure.</summary>
    public bool IsFailing => LastFailureAt is { } failed && !(LastGoodAt >= failed);
}

/// <summary>The newest message that was ever seen.</summary>
/// <param name="WrittenAt">When WEBSMS says that it arrived.</param>
/// <param name="Ahead">
/// How far that was in our future when we first saw it. More than nothing means that the clocks differ at least so much; less means
/// nothing, because a message may be as old as it likes.
/// </param>
internal sealed record NewestRecord(DateTimeOffset WrittenAt, TimeSpan Ahead);
