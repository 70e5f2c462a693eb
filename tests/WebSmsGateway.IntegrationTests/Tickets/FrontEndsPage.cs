using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Tickets;

/// <summary>What docs/front-ends.md shows, so that tests run what readers copy.</summary>
internal static partial class FrontEndsPage
{
    private static readonly string Text = Repository.Read("docs/front-ends.md");

    /// <summary>The lines with which a page follows a number.</summary>
    public static string Script { get; } = Blocks("js").Single(block => block.StartsWith("async function follow", StringComparison.Ordinal));

    /// <summary>The lines for nginx.</summary>
    public static string Nginx { get; } = Blocks("nginx").Single();

    private static IEnumerable<string> Blocks(string language) => Fences().Matches(Text)
        .Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["text"].Value);

    [GeneratedRegex(@"^ *```(?<language>\w+)\n(?<text>.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fences();
}
