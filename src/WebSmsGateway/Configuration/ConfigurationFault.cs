namespace WebSmsGateway.Configuration;

/// <summary>A fault of the configuration.</summary>
/// <param name="Key">The faulty key, such as <c>Upstream:Timeout</c>; null for a hint, which comes after all faults.</param>
/// <param name="Message">What is wrong, and what is accepted.</param>
internal sealed record ConfigurationFault(string? Key, string Message)
{
    /// <summary>
    /// The error code of a failure that refuses a start and no reload. What a reload takes away is gone, even if nothing is left.
    /// </summary>
    public const string AtStartOnly = nameof(AtStartOnly);

    private const string HintMark = "\0";

    /// <summary>Orders the texts of faults by key, without repetitions and with the hints at the end.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<string> texts) =>
        [.. texts.Distinct(StringComparer.Ordinal)
            .OrderBy(text => text.StartsWith(HintMark, StringComparison.Ordinal))
            .ThenBy(text => text, StringComparer.OrdinalIgnoreCase)
            .Select(text => text.TrimStart('\0'))];

    /// <summary>The fault as text, because the options framework carries failures as texts.</summary>
    public override string ToString() => Key is null ? HintMark + Message : $"{Key}: {Message}";
}
