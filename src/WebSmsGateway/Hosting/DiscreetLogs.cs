using Microsoft.Extensions.Options;

namespace WebSmsGateway.Hosting;

/// <summary>
/// Keeps the framework from writing paths, headers and parameters into the log, whatever levels are configured: paths hold
/// numbers, headers hold keys, and a hostile request must not cost pages of log. Below a warning it is silent; what is worth
/// knowing about requests is in metrics, traces and the audit line.
/// </summary>
internal sealed class DiscreetLogs : IPostConfigureOptions<LoggerFilterOptions>
{
    // Its scope puts the path on every line of a request, at any level.
    private const string RequestScopes = "Microsoft.AspNetCore.Hosting.Diagnostics";

    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "Microsoft.IdentityModel"];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // A rule for a provider beats every rule without one, and the last of equals wins: so for each provider that has
        // rules of its own the floor is repeated, at the end.
        var providers = options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList();
        foreach (var rule in options.Rules.Where(IsTooDeep).ToList())
        {
            options.Rules.Remove(rule);
        }

        foreach (var provider in providers)
        {
            foreach (var category in Talkative)
            {
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, filter: null));
            }

            options.Rules.Add(new LoggerFilterRule(provider, RequestScopes, LogLevel.None, filter: null));
        }
    }

    private static bool IsTooDeep(LoggerFilterRule rule) =>
        rule.CategoryName is { } category
        && Array.Exists(Talkative, talkative => category.StartsWith(talkative, StringComparison.OrdinalIgnoreCase));
}
