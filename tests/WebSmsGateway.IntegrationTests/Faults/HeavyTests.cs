namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>Tests that load the machine: they run one after the other, when nothing else runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HeavyTests
{
    public const string Name = "Heavy";

    /// <summary>A figure that an operator may raise by an environment variable for a longer run outside CI.</summary>
    public static int Setting(string name, int inCi) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var chosen) ? chosen : inCi;
}
