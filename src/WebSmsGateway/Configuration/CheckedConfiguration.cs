using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace WebSmsGateway.Configuration;

/// <summary>
/// All checked sections, read at start and whenever a source changes. A section that is faulty then stays as it was, and the others
/// are taken over: a slip changes nothing, and does not hold back the rest.
/// </summary>
internal sealed partial class CheckedConfiguration : IStartupValidator, IDisposable
{
    private readonly IConfiguration configuration;
    private readonly CheckedSection[] sections;
    private readonly LastGoodFile[] files;
    private readonly ILogger<CheckedConfiguration> logger;
    private readonly Lock gate = new();
    private readonly IDisposable subscription;
    private volatile IReadOnlyList<string> faults = [];

    public CheckedConfiguration(
        IConfiguration configuration, IEnumerable<CheckedSection> sections, IEnumerable<LastGoodFile> files,
        ILogger<CheckedConfiguration> logger)
    {
        this.configuration = configuration;
        this.sections = [.. sections];
        this.files = [.. files];
        this.logger = logger;

        // Before the first reading: a change in between is read twice and not missed.
        subscription = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
        lock (gate)
        {
            Read();
        }
    }

    /// <summary>One line for each fault of the last reading, ordered by key; hints come last.</summary>
    public IReadOnlyList<string> Faults => faults;

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
        var unread = files.Select(file => file.Fault).OfType<ConfigurationFault>().Select(fault => fault.ToString());
        faults = ConfigurationFault.Lines([.. unread, .. changes.SelectMany(change => change.Faults), .. MisspelledSections()]);
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

            if (changes.SelectMany(change => change.Waiting).ToList() is { Count: > 0 } waiting)
            {
                Log.Waiting(logger, string.Join(", ", waiting));
            }
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

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Error, Message = "The configuration has a fault, and what was in force stays: {Fault}")]
        public static partial void Faulty(ILogger logger, string fault);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The configuration is in order again")]
        public static partial void InOrder(ILogger logger);

        [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "The configuration has changed: {Key} applies now")]
        public static partial void Applied(ILogger logger, string key);

        [LoggerMessage(
            EventId = 4, Level = LogLevel.Warning, Message = "The configuration has changed, and a restart is needed for: {Keys}")]
        public static partial void Waiting(ILogger logger, string keys);
    }
}
