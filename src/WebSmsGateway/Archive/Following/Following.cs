using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Following;

/// <summary>Opens followings: the scope of the reader is watched as long as one is open.</summary>
internal sealed class Followings(SharedReadings readings, Follower follower, MessageArchive archive, ArchiveWatch watch, TimeProvider clock)
{
    // A caller of all numbers can make up numbers without end. Each is a scope of its own where WEBSMS is asked per number.
    private const int MostScopes = 256;
    private const int MostListedScopes = 1024;

    /// <summary>Opens a following, unless the caller watches as many scopes as it may. A query that begins now begins with this call.</summary>
    public bool TryOpen(MessageQuery query, [NotNullWhen(true)] out Following? following)
    {
        var most = query.Numbers.IsAll ? MostScopes : Math.Clamp(query.Numbers.Count, MostScopes, MostListedScopes);
        var subscription = watch.Subscribe(archive.ScopeOf(query.Number), query.Owner, most);
        following = subscription is null ? null : new Following(readings, subscription, clock, follower.Begin(query));
        return following is not null;
    }
}

/// <summary>
/// One reader who follows: it reads what is new, waits for the next change, and reads again. Waits and streams have no other loop.
/// </summary>
internal sealed class Following(SharedReadings readings, ArchiveSubscription subscription, TimeProvider clock, MessageQuery query) : IDisposable
{
    /// <summary>The failure of the last poll; null if it succeeded.</summary>
    public UpstreamFailure? PollFailure => subscription.Failure;

    /// <summary>Whether there was a poll since somebody began to watch.</summary>
    public bool HasPolled => subscription.HasPolled;

    /// <summary>The query at the reader's present place.</summary>
    public MessageQuery Query { get; private set; } = query;

    /// <summary>Whether the next reading is there at once.</summary>
    public bool IsNextAtHand => readings.Find(Query) is not null;

    /// <summary>The readings, for ever: one at once, and then one after each change. A null stands for a while without a change.</summary>
    /// <param name="pause">How long such a while is.</param>
    /// <param name="cancellationToken">Ends the readings.</param>
    public async IAsyncEnumerable<PageReading?> ReadAsync(TimeSpan pause, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var (changed, polled) = (subscription.Changed, subscription.Polled);
            var reading = await readings.ReadAsync(Query, cancellationToken);
            Query = reading.Next is null ? Query : Query.After(reading.Next);
            yield return reading;
            if (reading.Page is { Items.Count: > 0 })
            {
                continue;
            }

            // A reader whose start no answer has passed yet has to see the first one that does, whether it brings something or not. A failure
            // may concern days that the poll does not read. Then its end shows only in a new reading.
            var isSettled = reading.Next is not { State: WalkState.Now };
            while (!await HappensAsync(isSettled ? changed : polled, pause, cancellationToken))
            {
                yield return null;
                if (reading.Failure is not null || reading.Freshness.StaleBecause is not null)
                {
                    break;
                }
            }
        }
    }

    public void Dispose() => subscription.Dispose();

    private async Task<bool> HappensAsync(Task change, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await change.WaitAsync(pause, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
