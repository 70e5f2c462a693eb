using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Configuration;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// Keeps watched scopes fresh. A scope has one poll loop while anyone watches it, and none otherwise. A watcher is told that
/// something changed, and then reads the archive like any other caller.
/// </summary>
internal sealed partial class ArchiveWatch(
    MessageArchive archive, ScopeHeads heads, Schedule schedule, IOptions<CacheOptions> options, TimeProvider clock, IHostApplicationLifetime lifetime,
    ILogger<ArchiveWatch> logger, ISharedStore? store = null)
{
    private readonly Lock gate = new();

    [Bounded("open waits and streams, which RateLimiting:LongRequestsPerCaller and the connections bound")]
    private readonly Dictionary<Scope, ScopeWatch> watches = [];

    [Bounded("the callers with open waits and streams")]
    private readonly Dictionary<string, int> scopesOfCallers = new(StringComparer.Ordinal);

    /// <summary>How many poll loops run now.</summary>
    public int Polls
    {
        get
        {
            lock (gate)
            {
                return watches.Count;
            }
        }
    }

    /// <summary>Watches a scope until the subscription is disposed.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="caller">Who watches it.</param>
    /// <param name="mostScopes">How many scopes the caller may watch at the same time.</param>
    /// <returns>The subscription; null if the caller watches as many other scopes.</returns>
    public ArchiveSubscription? Subscribe(Scope scope, string caller, int mostScopes)
    {
        lock (gate)
        {
            var isNew = !(watches.TryGetValue(scope, out var known) && known.Callers.ContainsKey(caller));
            var scopes = scopesOfCallers.GetValueOrDefault(caller);
            if (isNew && scopes >= mostScopes)
            {
                return null;
            }

            if (!watches.TryGetValue(scope, out var watch))
            {
                watches.Add(scope, watch = new ScopeWatch());
                Background.Start(() => PollAsync(scope, watch));
            }

            watch.Callers[caller] = watch.Callers.GetValueOrDefault(caller) + 1;
            scopesOfCallers[caller] = isNew ? scopes + 1 : scopes;
            return new ArchiveSubscription(watch, () => Leave(scope, watch, caller));
        }
    }

    private void Leave(Scope scope, ScopeWatch watch, string caller)
    {
        lock (gate)
        {
            if (--watch.Callers[caller] > 0)
            {
                return;
            }

            watch.Callers.Remove(caller);
            if (--scopesOfCallers[caller] == 0)
            {
                scopesOfCallers.Remove(caller);
            }

            if (watch.Callers.Count > 0)
            {
                return;
            }

            watches.Remove(scope);
        }

        watch.Dispose();
    }

    private async Task PollAsync(Scope scope, ScopeWatch watch)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(watch.Stopped, lifetime.ApplicationStopping);
        var failures = 0;
        var recheck = Task.CompletedTask;
        using var open = GatewayMetrics.PollOpened();
        GatewayTraces.LeaveRequest();
        using var notices = store?.Subscribe(scope, watch.Notice);
        while (!stopping.IsCancellationRequested)
        {
            var pause = options.Value.Freshness;
            var noticed = watch.Noticed;
            try
            {
                using var poll = GatewayTraces.Poll();

                // One recheck after the other, so that a day that is due never has to wait for many that became due with it.
                recheck = recheck.IsCompleted ? archive.RecheckAsync(scope) : recheck;
                var read = await archive.WatchAsync(scope, ReaderFor(watch), stopping.Token);
                var failure = read.Unread ?? read.Freshness.StaleBecause;
                failures = failure is null ? 0 : failures + 1;
                watch.Report(SignatureOf(read), failure);
                pause = failure is null
                    ? schedule.PauseAfter([.. read.Records], archive.Now)
                    : schedule.PauseAfter(failure, failures);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A defect must not end the loop, because its watchers would wait for ever.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Failed(logger, Defect.Describe(exception));
            }

            await PauseAsync(scope, pause, noticed, stopping.Token);
        }
    }

    private DayReader ReaderFor(ScopeWatch watch)
    {
        lock (gate)
        {
            return new DayReader([.. watch.Callers.Keys.Take(Askers.Most)]);
        }
    }

    /// <summary>Pauses until the next poll. A notice of another replica ends the pause, so that its news is here at once.</summary>
    private async Task PauseAsync(Scope scope, TimeSpan pause, Task noticed, CancellationToken cancellationToken)
    {
        try
        {
            await noticed.WaitAsync(pause, clock, cancellationToken);
            await heads.SyncAsync(scope, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The next poll is due, or the loop ends.
        }
    }

    private static long SignatureOf(ArchiveRead read)
    {
        var signature = new HashCode();
        signature.Add(read.Head.Epoch);
        signature.Add(read.Head.LastStamp);
        foreach (var record in read.Records)
        {
            signature.Add(record.Day);
            signature.Add(record.Problems.Count);
            signature.Add(record.Doubts.Count);
            signature.Add(record.CutAt is not null);
        }

        return signature.ToHashCode();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A defect of the gateway ended a poll; the next one is due: {Defect}")]
        public static partial void Failed(ILogger logger, string defect);
    }
}
