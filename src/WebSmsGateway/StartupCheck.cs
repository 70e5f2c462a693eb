using WebSmsGateway.Configuration;

namespace WebSmsGateway;

/// <summary>Refuses a start with a faulty configuration: all faults at once, one plain line each.</summary>
internal static class StartupCheck
{
    public static bool Passes(WebApplication app)
    {
        var faults = app.Services.GetRequiredService<ConfigurationFaults>().Find();
        foreach (var fault in faults)
        {
            Console.Error.WriteLine(fault);
        }

        return faults.Count == 0;
    }
}
