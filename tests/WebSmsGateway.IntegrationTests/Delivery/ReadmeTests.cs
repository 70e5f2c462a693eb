using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Delivery;

/// <summary>The commands of README.md work as printed.</summary>
public sealed partial class ReadmeTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const int MaxLines = 150;

    private static readonly string Text = File.ReadAllText(Repository.PathOf("README.md"));

    public static TheoryData<string> Curls => new(
        ShellBlocks().Matches(Text).SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [MemberData(nameof(Curls))]
    public async Task Curl_AsPrinted_AnswersInTheSandbox(string line)
    {
        Assert.StartsWith("curl ", line, StringComparison.Ordinal);

        var (exitCode, output) = await RunAsync(line
            .Replace("http://localhost:5080/", fixture.Sandbox.Gateway.ToString(), StringComparison.Ordinal)
            .Replace("http://localhost:5090/", fixture.Sandbox.Simulator.ToString(), StringComparison.Ordinal));

        Assert.True(exitCode == 0, output);
        if (line.Contains("text/csv", StringComparison.Ordinal))
        {
            Assert.Equal(3, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
        else if (line.Contains("/code", StringComparison.Ordinal))
        {
            Assert.Matches("^[0-9]{4,8}$", output);
        }
        else if (line.Contains("X-Api-Key", StringComparison.Ordinal))
        {
            Assert.NotEmpty(JsonDocument.Parse(output).RootElement.GetProperty("items").EnumerateArray());
        }
    }

    [Fact]
    public void Readme_AsAWhole_IsShortAndItsLinksLeadSomewhere()
    {
        var dead = Links().Matches(Text).Select(link => link.Groups["path"].Value)
            .Where(path => !path.Contains("://", StringComparison.Ordinal) && !File.Exists(Repository.PathOf(path.Split('/'))));

        Assert.InRange(Text.Split('\n').Length, 1, MaxLines);
        Assert.Empty(dead);
        Assert.NotEmpty(Curls);
    }

    /// <summary>Runs a line in a shell. An error status fails it.</summary>
    private static async Task<(int ExitCode, string Output)> RunAsync(string line)
    {
        using var shell = Process.Start(new ProcessStartInfo(
            "bash", ["-c", $"curl() {{ command curl --fail-with-body -sS -m 90 \"$@\"; }}; {line} 2>&1"])
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        })!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, output);
    }

    [GeneratedRegex(@"^```bash\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlocks();

    [GeneratedRegex(@"\]\((?<path>[^)#]+)")]
    private static partial Regex Links();
}
