namespace WebSmsGateway.Commands;

/// <summary>What the program does instead of serving, when its first argument is the name of a command.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="create">Builds the gateway without starting it.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <returns>Its exit code to come; null when there is no command and the gateway is to be started.</returns>
    public static Task<int>? Run(
        string[] args, Func<string[], Action<WebApplicationBuilder>?, WebApplication> create, TextWriter output, TextWriter error) => args switch
        {
            [NewKeyCommand.Name, .. var rest] => Task.FromResult(NewKeyCommand.Run(rest, output, error)),
            [CheckConfigCommand.Name, .. var rest] => CheckConfigCommand.RunAsync(rest, create, output, error),
            [HealthCommand.Name, .. var rest] => HealthCommand.RunAsync(rest, output, error),
            ["--help" or "-h" or "-?" or "help", ..] => Help(output),
            [['-' or '/', ..], ..] or [] => null,
            [var first, ..] when first.Contains('=', StringComparison.Ordinal) => null,
            _ => Refuse(error),
        };

    private static Task<int> Help(TextWriter output)
    {
        output.WriteLine(
            $"""
            WebSmsGateway [--Section:Key=value ...]   starts the gateway, for example with --urls=http://localhost:8080
            WebSmsGateway {NewKeyCommand.Name} --name shop --numbers 79021234567   prints a fresh API key and its settings
            WebSmsGateway {CheckConfigCommand.Name} [--probe]   prints the settings in force and all faults; with --probe asks WEBSMS once
            WebSmsGateway {HealthCommand.Name} [url]   asks a running gateway whether it is ready: exit code 0 or 1

            Settings come from appsettings.json, the environment (Upstream__Password), files in /run/secrets, or the command line.
            """);
        return Task.FromResult(0);
    }

    private static Task<int> Refuse(TextWriter error)
    {
        error.WriteLine(
            $"There is no such command. Known: {NewKeyCommand.Name}, {CheckConfigCommand.Name}, {HealthCommand.Name}. "
            + "Settings are given as --Section:Key=value.");
        return Task.FromResult(1);
    }
}
