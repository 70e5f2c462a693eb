using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream;

/// <summary>The last good answer, the last failure and the newest message. Health is reported from these without a call.</summary>
internal sealed class UpstreamHistory(AccountZone zone, TimeProvider clock)
{
    private readonly Lock gate = new();
    private UpstreamPast past = new(null, null, null, null);

    public UpstreamPast Past => Volatile.Read(ref past);

    /// <summary>Records the result of one attempt.</summary>
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

            if (answer.IsCut)
            {
                past = past with { LastFailure = Attempt.Cut.Answer.Failure, LastFailureAt = now };
            }

            var newest = past.NewestRecord;
            foreach (var record in answer.Records)
            {
                var written = zone.ToInstant(record.Date);
                if (newest is null || written > newest.WrittenAt)
                {
                    newest = new NewestRecord(written, written - now);
                }
            }

            past = past with { LastGoodAt = answer.IsCut ? past.LastGoodAt : now, NewestRecord = newest };
        }
    }
}

/// <summary>The state of an <see cref="UpstreamHistory"/> at one moment.</summary>
/// <param name="LastGoodAt">When the last good answer was complete.</param>
/// <param name="LastFailureAt">When the last attempt failed.</param>
/// <param name="LastFailure">How it failed.</param>
/// <param name="NewestRecord">The newest message that was ever seen.</param>
internal sealed record UpstreamPast(
    DateTimeOffset? LastGoodAt, DateTimeOffset? LastFailureAt, UpstreamFailure? LastFailure, NewestRecord? NewestRecord)
{
    /// <summary>Whether the last attempt failed.</summary>
    public bool IsFailing => LastFailureAt is { } failed && !(LastGoodAt >= failed);
}

/// <summary>The newest message that was ever seen.</summary>
/// <param name="WrittenAt">When it arrived, according to WEBSMS.</param>
/// <param name="Ahead">
/// How far this time was in the future of our clock when the message was first seen. If it is positive, the clocks differ by at least
/// this much. A negative value means nothing, because a message may have any age.
/// </param>
internal sealed record NewestRecord(DateTimeOffset WrittenAt, TimeSpan Ahead);
