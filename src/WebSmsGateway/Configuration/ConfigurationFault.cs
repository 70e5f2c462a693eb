namespace WebSmsGateway.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">The key at fault, such as <c>Upstream:Timeout</c>; null for a hint that belongs after all faults.</param>
/// <param name="Message">What is wrong, and what is accepted.</param>
internal sealed record ConfigurationFault(string? Key, string Message)
{
    private const string HintMark = "\0";

    /// <summary>Faults by key, each once, hints last, as lines for people.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<string> texts) =>
        [.. texts.Distinct(StringComparer.Ordinal)
            .OrderBy(text => text.StartsWith(HintMark, StringComparison.Ordinal))
            .ThenBy(text => text, StringComparer.OrdinalIgnoreCase)
            .Select(text => text.TrimStart('\0'))];

    /// <summary>As text: the options framework carries failures as nothing else.</summary>
    public override string ToString() => Key is null ? HintMark + Message : $"{Key}: {Message}";
}
