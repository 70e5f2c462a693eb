using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace WebSmsGateway.Configuration;

/// <summary>
/// Reads all checked sections at start and whenever a source changes. After a change, a faulty section keeps its last valid values, and
/// the other sections still apply.
/// </summary>
internal sealed partial class CheckedConfiguration : IStartupValidator, IDisposable
{
    private readonly IConfiguration configuration;
    private readonly CheckedSection[] sections;
    private readonly ILastGood[] sources;
    private readonly ILogger<CheckedConfiguration> logger;
    private readonly Lock gate = new();
    private readonly IDisposable subscription;
    private volatile IReadOnlyList<string> faults = [];

    public CheckedConfiguration(
        IConfiguration configuration, IEnumerable<CheckedSection> sections, IEnumerable<ILastGood> sources,
        ILogger<CheckedConfiguration> logger)
    {
        this.configuration = configuration;
        this.sections = [.. sections];
        this.sources = [.. sources];
        this.logger = logger;

        // Subscribes before it reads, so that no change in between is missed.
        subscription = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
        lock (gate)
        {
            Read();
        }
    }

    /// <summary>One line for each fault of the last read, ordered by key, with the hints at the end.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>Whether a key has a fault.</summary>
    public bool IsFaulty(string key) => faults.Any(line => line.StartsWith(key + ": ", StringComparison.OrdinalIgnoreCase));

    /// <summary>Refuses a start with a faulty configuration.</summary>
    public void Validate()
    {
        if (Faults is { Count: > 0 } found)
        {
            throw new OptionsValidationException("", typeof(CheckedConfiguration), found);
        }
    }

    public void Dispose() => subscription.Dispose();

    private List<SectionChange> Read()
    {
        var changes = sections.Select(section => section.Read()).ToList();
        var unread = sources.Select(source => source.Fault).OfType<ConfigurationFault>().Select(fault => fault.ToString());
        var framework = FrameworkSettings.FaultsOf(configuration).Select(fault => fault.ToString());
        faults = ConfigurationFault.Lines([.. unread, .. changes.SelectMany(change => change.Faults), .. framework, .. MisspelledSections()]);
        return changes;
    }

    private void Reload()
    {
        lock (gate)
        {
            var before = faults;
            var changes = Read();
            foreach (var fault in faults.Except(before))
            {
                Log.Faulty(logger, fault);
            }

            if (faults.Count == 0 && before.Count > 0)
            {
                Log.InOrder(logger);
            }

            foreach (var key in changes.SelectMany(change => change.Applied))
            {
                Log.Applied(logger, key);
            }

            if (changes.SelectMany(change => change.Waiting).Order(StringComparer.OrdinalIgnoreCase).ToList() is { Count: > 0 } waiting)
            {
                Log.Waiting(logger, string.Join(", ", waiting));
            }
        }
    }

    // Other names at the root belong to the framework and the environment. Only a section whose name resembles one of ours is a fault.
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

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The configuration has a fault, and what was in force stays: {Fault}")]
        public static partial void Faulty(ILogger logger, string fault);

        [LoggerMessage(2, LogLevel.Information, "The configuration is in order again")]
        public static partial void InOrder(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "The configuration has changed: {Key} applies now")]
        public static partial void Applied(ILogger logger, string key);

        [LoggerMessage(4, LogLevel.Warning, "The configuration has changed, and a restart is needed for: {Keys}")]
        public static partial void Waiting(ILogger logger, string keys);
    }
}
