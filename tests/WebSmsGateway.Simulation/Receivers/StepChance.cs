namespace WebSmsGateway.Simulation.Receivers;

/// <summary>
/// Takes the place of chance in the sources of webhooks: jitter and the names of senders. It has a generator of its own, so that worlds without
/// webhooks stay what they are.
/// </summary>
internal static class StepChance
{
    [ThreadStatic]
    private static Random? random;

    public static void Begin(int seed) => random = new Random(seed);

    public static double NextDouble() => (random ??= new Random(0)).NextDouble();

    public static Guid NewGuid()
    {
        var bytes = new byte[16];
        (random ??= new Random(0)).NextBytes(bytes);
        return new Guid(bytes);
    }
}
