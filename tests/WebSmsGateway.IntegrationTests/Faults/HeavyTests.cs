namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>Tests that load the machine. They run one after the other, and no other test runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HeavyTests
{
    public const string Name = "Heavy";

    /// <summary>A number that an environment variable can raise for a longer run outside CI.</summary>
    public static int Setting(string name, int inCi) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var chosen) ? chosen : inCi;
}
