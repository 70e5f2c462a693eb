using System.Diagnostics;
using System.Runtime.Versioning;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Commands;

/// <summary>Starts the gateway as the image does: as another user, without HOME, from a read-only directory.</summary>
[UnsupportedOSPlatform("windows")]
internal static class GatewayImage
{
    // The user is nobody if the tests run as root, and their own user otherwise.
    private const string OtherUser = "65534";

    // A copy that all users can read and none can write.
    private static readonly Lazy<string> Published = new(Publish);

    public static Task<GatewayProcess> StartAsync(params (string Key, string Value)[] environment) =>
        GatewayProcess.StartAsync(StartInfo([], [("Authentication__AllowAnonymous", "true"), .. environment]));

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(
        string[] args, params (string Key, string Value)[] environment) => GatewayProcess.RunAsync(StartInfo(args, environment));

    private static ProcessStartInfo StartInfo(string[] args, (string Key, string Value)[] environment)
    {
        var directory = Published.Value;
        string[] command = ["dotnet", Path.Combine(directory, "WebSmsGateway.dll"), .. args];
        if (Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"))
        {
            command = ["setpriv", $"--reuid={OtherUser}", $"--regid={OtherUser}", "--clear-groups", "--no-new-privs", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = directory };
        start.Environment.Remove("HOME");
        start.Environment.Remove("DOTNET_CLI_HOME");
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return start;
    }

    private static string Publish()
    {
        var target = Directory.CreateTempSubdirectory("websms-gateway-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Directory.Delete(target, recursive: true);
        };
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        foreach (var file in Directory.GetFiles(GatewayProcess.Folder).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
        {
            var copy = Path.Combine(target, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, readable);
        }

        File.SetUnixFileMode(target, readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return target;
    }
}
