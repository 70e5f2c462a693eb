using Microsoft.Extensions.Options;

namespace WebSmsGateway.Configuration;

/// <summary>Finds every fault of the configuration.</summary>
internal sealed class ConfigurationFaults(IServiceProvider services)
{
    public IReadOnlyList<string> Find()
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (AggregateException exception)
        {
            return [.. exception.InnerExceptions.OfType<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        }
    }
}
