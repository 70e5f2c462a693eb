namespace WebSmsGateway.Commands;

/// <summary>What the program does instead of serving, when its first argument is the name of a command.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command.</summary>
    /// <returns>Its exit code to come; null when there is no command and the gateway is to be started.</returns>
    public static Task<int>? Run(string[] args, TextWriter output, TextWriter error) => args switch
    {
        [NewKeyCommand.Name, .. var rest] => Task.FromResult(NewKeyCommand.Run(rest, output, error)),
        [CheckConfigCommand.Name, .. var rest] => CheckConfigCommand.RunAsync(rest, output, error),
        [HealthCommand.Name, .. var rest] => HealthCommand.RunAsync(rest, output, error),
        [['-' or '/', ..], ..] or [] => null,
        [var first, ..] when first.Contains('=', StringComparison.Ordinal) => null,
        _ => Refuse(error),
    };

    private static Task<int> Refuse(TextWriter error)
    {
        error.WriteLine(
            $"There is no such command. Known: {NewKeyCommand.Name}, {CheckConfigCommand.Name}, {HealthCommand.Name}. "
            + "Settings are given as --Section:Key=value.");
        return Task.FromResult(1);
    }
}
