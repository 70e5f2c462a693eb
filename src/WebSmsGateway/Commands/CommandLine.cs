namespace WebSmsGateway.Commands;

/// <summary>The commands of the program. The first argument names one.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command and gives its exit code; null if there is no command, so that the gateway starts.</summary>
    public static Task<int>? Run(
        string[] args, Func<string[], Action<WebApplicationBuilder>?, WebApplication?> create, TextWriter output, TextWriter error) =>
        args switch
        {
            [NewKeyCommand.Name, .. var rest] => Task.FromResult(NewKeyCommand.Run(rest, output, error)),
            [NewWebhookCommand.Name, .. var rest] => Task.FromResult(NewWebhookCommand.Run(rest, output, error)),
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
            WebSmsGateway {NewKeyCommand.Name} --id   prints a fresh key for the ids of messages, Messages:IdKey
            WebSmsGateway {NewWebhookCommand.Name} --name orders --url https://hooks.example.org/sms --owner shop   prints a fresh secret and its settings
            WebSmsGateway {CheckConfigCommand.Name} [--probe]   prints the settings in force and all faults; with --probe asks WEBSMS, by GET and by POST
            WebSmsGateway {HealthCommand.Name} [url]   asks a running gateway whether it is ready: exit code 0 or 1

            Settings come from appsettings.json, the environment (Upstream__Password), files in /run/secrets, or the command line.
            """);
        return Task.FromResult(0);
    }

    private static Task<int> Refuse(TextWriter error)
    {
        error.WriteLine(
            $"There is no such command. Known: {NewKeyCommand.Name}, {NewWebhookCommand.Name}, {CheckConfigCommand.Name}, {HealthCommand.Name}. "
            + "Settings are given as --Section:Key=value.");
        return Task.FromResult(1);
    }
}
