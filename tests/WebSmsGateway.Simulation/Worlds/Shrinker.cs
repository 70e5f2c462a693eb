namespace WebSmsGateway.Simulation.Worlds;

/// <summary>Looks for the shortest history that still breaks a promise: drops events, plays again, and keeps what still fails.</summary>
internal static class Shrinker
{
    public static History Shrink(History history, Promise promise)
    {
        for (var size = Math.Max(1, history.Happenings.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var isShorter = false;
            for (var first = 0; first < history.Happenings.Count;)
            {
                var shorter = history with { Happenings = [.. history.Happenings.Take(first), .. history.Happenings.Skip(first + size)] };
                if (Breaks(shorter, promise))
                {
                    (history, isShorter) = (shorter, true);
                }
                else
                {
                    first += size;
                }
            }

            if (size == 1 && !isShorter)
            {
                return Simplify(history, promise);
            }
        }
    }

    private static bool Breaks(History history, Promise promise) => World.Play(history).Breaches.Any(breach => breach.Promise == promise);

    /// <summary>Takes what is special out of the world, as far as it is not needed.</summary>
    private static History Simplify(History history, Promise promise)
    {
        var setting = history.Setting;
        WorldSetting[] simpler =
        [
            setting with { Ahead = default },
            setting with { IsNewestFirst = false },
            setting with { IsListedAsReported = false },
            setting with { IsPerNumber = false },
            setting with { MemoryKilobytes = WorldSetting.PlentyOfMemory },
            setting with { HasStore = setting.IsMemoryTight },
            setting with { StoreAhead = default },
            setting with { Skews = [.. setting.Skews.Select(_ => TimeSpan.Zero)] },
            setting with { Retries = 0 },
            setting with { Latency = TimeSpan.FromMilliseconds(200) },
        ];
        foreach (var candidate in simpler)
        {
            var merged = history with { Setting = Merge(history.Setting, setting, candidate) };
            if (merged.Setting != history.Setting && Breaks(merged, promise))
            {
                history = merged;
            }
        }

        return history;
    }

    private static WorldSetting Merge(WorldSetting current, WorldSetting original, WorldSetting changed) => current with
    {
        Ahead = changed.Ahead != original.Ahead ? changed.Ahead : current.Ahead,
        IsNewestFirst = changed.IsNewestFirst == original.IsNewestFirst && current.IsNewestFirst,
        IsListedAsReported = changed.IsListedAsReported == original.IsListedAsReported && current.IsListedAsReported,
        IsPerNumber = changed.IsPerNumber == original.IsPerNumber && current.IsPerNumber,
        HasStore = changed.HasStore == original.HasStore && current.HasStore,
        MemoryKilobytes = changed.MemoryKilobytes == original.MemoryKilobytes ? current.MemoryKilobytes : changed.MemoryKilobytes,
        StoreAhead = changed.StoreAhead == original.StoreAhead ? current.StoreAhead : changed.StoreAhead,
        Skews = ReferenceEquals(changed.Skews, original.Skews) ? current.Skews : changed.Skews,
        Retries = changed.Retries == original.Retries ? current.Retries : changed.Retries,
        Latency = changed.Latency == original.Latency ? current.Latency : changed.Latency,
    };
}
