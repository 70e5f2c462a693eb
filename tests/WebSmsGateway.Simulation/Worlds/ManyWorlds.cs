using System.Collections.Concurrent;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>Plays many worlds, on every core.</summary>
internal static class ManyWorlds
{
    /// <summary>Plays the worlds of consecutive seeds until there were enough, time is up, or one is wanted no more.</summary>
    /// <param name="firstSeed">The first seed.</param>
    /// <param name="worlds">How many.</param>
    /// <param name="defect">The planted defect; null for none.</param>
    /// <param name="stop">Whether to stop after an outcome.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="planOf">Makes the history of a seed; null for worlds without webhooks.</param>
    /// <returns>The outcomes with broken promises by seed, and how many worlds were played.</returns>
    public static (IReadOnlyList<Outcome> Broken, int Played) Play(
        int firstSeed, int worlds, string? defect, Func<Outcome, bool> stop, CancellationToken cancellationToken, Func<int, History>? planOf = null)
    {
        var broken = new ConcurrentBag<Outcome>();
        var (next, played, isStopped) = (firstSeed - 1, 0, false);
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            Planted.Activate(defect);
            while (!Volatile.Read(ref isStopped) && !cancellationToken.IsCancellationRequested
                && Interlocked.Increment(ref next) is var seed && seed - firstSeed < worlds)
            {
                var outcome = World.Play((planOf ?? WorldPlan.Of)(seed));
                Interlocked.Increment(ref played);
                if (outcome.Breaches.Count > 0)
                {
                    broken.Add(outcome);
                }

                if (stop(outcome))
                {
                    Volatile.Write(ref isStopped, true);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return ([.. broken.OrderBy(outcome => outcome.History.Setting.Seed)], played);
    }
}
