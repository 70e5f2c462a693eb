using System.Globalization;
using System.Text;
using WebSmsGateway.Sandbox;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
if (!SandboxPorts.TryRead(args, out var ports, out var fault))
{
    Console.Error.WriteLine(fault);
    return 1;
}

await using var sandbox = new SandboxApplication(args, ports);
if (await sandbox.StartAsync() is { } notStarted)
{
    Console.Error.WriteLine(notStarted);
    return 1;
}

Console.WriteLine(sandbox.Welcome());
await sandbox.WaitForShutdownAsync();
return 0;
