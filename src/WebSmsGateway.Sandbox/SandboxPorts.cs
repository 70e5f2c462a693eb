using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WebSmsGateway.Sandbox;

/// <summary>The ports of the two programs: <c>--gateway-port</c> and <c>--simulator-port</c>; 0 takes a free port.</summary>
internal sealed record SandboxPorts(int Gateway, int Simulator)
{
    public const string GatewayOption = "gateway-port";
    public const string SimulatorOption = "simulator-port";

    private static readonly SandboxPorts Defaults = new(5080, 5090);

    public static bool TryRead(string[] args, [NotNullWhen(true)] out SandboxPorts? ports, [NotNullWhen(false)] out string? fault)
    {
        var options = new ConfigurationBuilder().AddCommandLine([.. args.Where(arg => arg != $"--{WebhookPrinter.Option}")]).Build();
        ports = null;
        fault = null;
        if (!TryRead(options[GatewayOption], Defaults.Gateway, out var gateway))
        {
            fault = FaultOf(GatewayOption);
        }
        else if (!TryRead(options[SimulatorOption], Defaults.Simulator, out var simulator))
        {
            fault = FaultOf(SimulatorOption);
        }
        else
        {
            ports = new SandboxPorts(gateway, simulator);
        }

        return ports is not null;
    }

    /// <summary>The address of a port. Localhost is two addresses, which cannot share a port that the system chooses.</summary>
    public static string Url(int port) => port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{port}";

    private static string FaultOf(string option) => $"--{option} must be a port from 1 to 65535, or 0 for a free one.";

    private static bool TryRead(string? text, int otherwise, out int port)
    {
        port = otherwise;
        return text is null
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 0 and <= 65535);
    }
}
