using Microsoft.Extensions.Options;

namespace WebSmsGateway.Hosting;

/// <summary>
/// Silences the framework's logs below warning, whatever levels are configured: paths hold numbers, headers hold keys, and a hostile
/// request must not cost pages of log. Metrics, traces and the audit line describe the requests.
/// </summary>
internal sealed class DiscreetLogs : IPostConfigureOptions<LoggerFilterOptions>
{
    // The scope of this category adds the path to every line of a request, at any level.
    private const string RequestScopes = "Microsoft.AspNetCore.Hosting.Diagnostics";

    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "Microsoft.IdentityModel"];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // A rule for a provider wins over rules without one, and the last of equal rules wins. So the rules are repeated at the end
        // for each provider that has rules of its own.
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
