namespace WebSmsGateway.Configuration;

/// <summary>What <c>check-config</c> says about settings that only a look outside can judge, such as what a name resolves to.</summary>
/// <param name="LinesAsync">Looks, and gives one line for each finding.</param>
internal sealed record OutsideCheck(Func<CancellationToken, Task<IReadOnlyList<string>>> LinesAsync);
