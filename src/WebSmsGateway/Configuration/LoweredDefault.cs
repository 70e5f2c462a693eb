namespace WebSmsGateway.Configuration;

/// <summary>A default that is lowered where the process has too little for it.</summary>
/// <param name="Key">Its key, such as <c>RateLimiting:LongRequestsPerCaller</c>.</param>
/// <param name="Standard">The default of a process that has enough.</param>
/// <param name="Most">What fits.</param>
/// <param name="Arithmetic">How that follows from what the process has.</param>
internal sealed record LoweredDefault(string Key, int Standard, int Most, string Arithmetic)
{
    /// <summary>The default of this process.</summary>
    public int Value => Math.Min(Standard, Most);

    /// <summary>A line for operators; null if the default was not lowered.</summary>
    public string? Line => Value < Standard ? $"{Key} is {Value} and not {Standard}: {Arithmetic}" : null;

    /// <summary>Whether the default is in force, because nothing else is configured.</summary>
    public bool AppliesTo(IConfiguration configuration) => configuration[Key] is null;
}
