using System.Globalization;
using WebSmsGateway;
using WebSmsGateway.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
if (CommandLine.Run(args, StartupCheck.Create, Console.Out, Console.Error) is { } command)
{
    return await command;
}

if (StartupCheck.Create(args) is not { } app || !StartupCheck.Passes(app))
{
    return 1;
}

return await StartupCheck.RunAsync(app);
