using Microsoft.Extensions.Options;

namespace WebSmsGateway.Configuration;

/// <summary>Finds every fault of the configuration.</summary>
internal sealed class ConfigurationFaults(
    IServiceProvider services, IConfiguration configuration, IEnumerable<CheckedSection> sections)
{
    /// <summary>One line per fault, ordered by key; hints come last.</summary>
    public IReadOnlyList<string> Find() => ConfigurationFault.Lines([.. FaultsOfOptions(), .. MisspelledSections()]);

    private IEnumerable<string> FaultsOfOptions()
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return exception.Failures;
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures);
        }
    }

    // The rest of the root belongs to the framework and to the environment. Only a section with keys that is nearly one of ours counts.
    private IEnumerable<string> MisspelledSections()
    {
        var known = sections.Select(section => section.Name.Split(':')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
            from section in configuration.GetChildren()
            where !known.Contains(section.Key) && section.GetChildren().Any()
            let meant = Spelling.Nearest(section.Key, known)
            where meant is not null
            select new ConfigurationFault(section.Key, $"unknown section; did you mean {meant}?").ToString();
    }
}
