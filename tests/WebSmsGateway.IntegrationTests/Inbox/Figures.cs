namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>With <c>FIGURES=1</c> some tests take their whole size, and print what they measure for docs/performance.md.</summary>
internal static class Figures
{
    public static bool AreWanted { get; } = Environment.GetEnvironmentVariable("FIGURES") is "1";
}
