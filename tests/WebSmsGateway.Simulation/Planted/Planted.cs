namespace WebSmsGateway.Simulation;

/// <summary>The planted defects, and the one that is active on this thread. A world runs on one thread from its start to its end.</summary>
internal static class Planted
{
    [ThreadStatic]
    private static string? current;

    /// <summary>The defects of <c>defects.txt</c>.</summary>
    public static IReadOnlyList<PlantedDefect> All { get; } = ReadAll();

    /// <summary>Whether a defect is active. The sources with planted defects ask this.</summary>
    public static bool Is(string name) => current is not null && string.Equals(current, name, StringComparison.Ordinal);

    /// <summary>Makes a defect active on this thread; null for none.</summary>
    public static void Activate(string? name) => current = name;

    /// <summary>Plays something with a defect.</summary>
    public static T Play<T>(string name, Func<T> play)
    {
        Activate(name);
        try
        {
            return play();
        }
        finally
        {
            Activate(null);
        }
    }

    private static List<PlantedDefect> ReadAll()
    {
        using var reader = new StreamReader(typeof(Planted).Assembly.GetManifestResourceStream("defects.txt")!);
        return
        [
            .. from line in reader.ReadToEnd().Split('\n')
               where line.StartsWith("# ", StringComparison.Ordinal)
               let parts = line[2..].Split('|', StringSplitOptions.TrimEntries)
               let world = parts.FirstOrDefault(part => part.StartsWith("seed ", StringComparison.Ordinal))
               let webhooks = parts.FirstOrDefault(part => part.StartsWith("webhooks ", StringComparison.Ordinal))
               let rough = parts.FirstOrDefault(part => part.StartsWith("rough ", StringComparison.Ordinal))
               let breaks = world ?? webhooks ?? rough
               select new PlantedDefect(
                   parts[0], NumberIn(parts, "seed "), breaks is null ? null : Enum.Parse<Promise>(parts[Array.IndexOf(parts, breaks) + 1]),
                   NumberIn(parts, "history "), NumberIn(parts, "webhooks "), NumberIn(parts, "rough ")),
        ];
    }

    private static int? NumberIn(string[] parts, string name) =>
        parts.FirstOrDefault(part => part.StartsWith(name, StringComparison.Ordinal)) is { } part ? int.Parse(part[name.Length..]) : null;
}

/// <summary>A planted defect.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seed">The seed of a world that finds it; null while none is recorded.</param>
/// <param name="Breaks">The promise that this world sees broken.</param>
/// <param name="History">The seed of a history in which the code with the defect differs from the model; null while none is recorded.</param>
/// <param name="Webhooks">The seed of a world with webhooks that finds it; null if it is no defect of webhooks.</param>
/// <param name="Rough">The seed of a rough world that finds it; null while none is recorded.</param>
internal sealed record PlantedDefect(string Name, int? Seed, Promise? Breaks, int? History, int? Webhooks, int? Rough);
