using Microsoft.Extensions.Options;

namespace WebSmsGateway.Hosting;

/// <summary>
/// Silences the framework's logs below warning, whatever levels are configured: paths hold numbers, headers hold keys, and a hostile
/// request must not cost pages of log. Metrics, traces and the audit line describe the requests.
/// </summary>
internal sealed class DiscreetLogs(StartPhase start) : IPostConfigureOptions<LoggerFilterOptions>
{
    // The scope of this category adds the path to every line of a request, at any level.
    private const string RequestScopes = "Microsoft.AspNetCore.Hosting.Diagnostics";

    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "Microsoft.IdentityModel"];

    // A start that fails ends with one line on standard error. These would add the stack trace.
    private static readonly string[] Starting = ["Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Extensions.Hosting.Internal.Host"];

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

            foreach (var category in Starting)
            {
                options.Rules.Add(new LoggerFilterRule(
                    provider, category, LevelOf(options, provider, category), (_, _, level) => start.IsOver || level < LogLevel.Error));
            }

            options.Rules.Add(new LoggerFilterRule(provider, RequestScopes, LogLevel.None, filter: null));
        }
    }

    /// <summary>The level of a category without a rule of its own: that of the rule for the provider and the longest part of its name.</summary>
    private static LogLevel? LevelOf(LoggerFilterOptions options, string? provider, string category) => options.Rules
        .Where(rule => rule.ProviderName is null || rule.ProviderName == provider)
        .Where(rule => rule.CategoryName is null || category.StartsWith(rule.CategoryName, StringComparison.OrdinalIgnoreCase))
        .OrderBy(rule => rule.ProviderName is not null).ThenBy(rule => rule.CategoryName?.Length ?? 0)
        .Select(rule => rule.LogLevel)
        .LastOrDefault(options.MinLevel);

    private static bool IsTooDeep(LoggerFilterRule rule) =>
        rule.CategoryName is { } category
        && Array.Exists([.. Talkative, .. Starting], talkative => category.StartsWith(talkative, StringComparison.OrdinalIgnoreCase));
}
