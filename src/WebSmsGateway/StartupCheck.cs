using WebSmsGateway.Configuration;

namespace WebSmsGateway;

/// <summary>Refuses to start with a faulty configuration. It writes all faults, one line each.</summary>
internal static class StartupCheck
{
    /// <summary>Builds the gateway. The result is null if a source of the configuration cannot be read, such as a damaged file.</summary>
    public static WebApplication? Create(string[] args)
    {
        try
        {
            return GatewayApplication.Create(args);
        }
        catch (Exception exception) when (
            exception is InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            Console.Error.WriteLine(
                $"The configuration cannot be read: {exception.Message} {exception.InnerException?.InnerException?.Message}".TrimEnd());
            return null;
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
}
