using System.Net.Sockets;
using WebSmsGateway.Configuration;

namespace WebSmsGateway;

/// <summary>Refuses to start with a faulty configuration. It writes all faults, one line each, and no stack trace.</summary>
internal static class StartupCheck
{
    private const string CannotStart = "The gateway cannot start: ";

    /// <summary>Builds the gateway. The result is null if that fails, because a file of the configuration is damaged, for example.</summary>
    public static WebApplication? Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        try
        {
            return GatewayApplication.Create(args, configure);
        }
        catch (Exception exception) when (
            exception is InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            Console.Error.WriteLine(
                $"The configuration cannot be read: {exception.Message} {exception.InnerException?.InnerException?.Message}".TrimEnd());
            return null;
        }
        catch (InvalidOperationException exception)
        {
            // The framework cannot read a value that decides how the host is built.
            Console.Error.WriteLine(CannotStart + FirstLine(exception));
            return null;
        }
    }

    /// <summary>Runs the gateway to its end. The result is the exit code: 1 if it cannot start, because its port is taken, for example.</summary>
    public static async Task<int> RunAsync(WebApplication app)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception exception)
            {
                // Whatever it is, the process ends here. An exception that nobody catches would abort it with a stack trace.
                Console.Error.WriteLine(CannotStart + Describe(exception, app.Configuration));
                return 1;
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
    }

    public static bool Passes(WebApplication app)
    {
        var faults = app.Services.GetRequiredService<CheckedConfiguration>().Faults;
        foreach (var fault in faults)
        {
            Console.Error.WriteLine(fault);
        }

        return faults.Count == 0;
    }

    // The message of a socket does not name the address.
    private static string Describe(Exception exception, IConfiguration configuration) => exception is SocketException
        ? $"{FirstLine(exception)} at {ListenAddresses.Describe(configuration)}."
        : FirstLine(exception);

    private static string FirstLine(Exception exception) => exception.Message.Split(['\r', '\n'])[0];
}
