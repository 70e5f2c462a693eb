using FluentValidation;
using FluentValidation.Results;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Configuration;

/// <summary>The last valid options of a section. A faulty change of the configuration never reaches a reader.</summary>
internal sealed class InForce<TOptions> : CheckedSection
    where TOptions : class, new()
{
    private readonly IValidator<TOptions> validator;
    private readonly IConfiguration configuration;
    private readonly IProcessDefaults<TOptions>? defaults;
    private readonly Lock gate = new();
    private readonly SectionChange start;
    private Action<TOptions>? followers;

    [Bounded("the settings of the section")]
    private Dictionary<string, string>? textsAtStart;
    [Bounded("the settings of the section")]
    private Dictionary<string, string> texts = [];
    private TOptions? atStart;
    private volatile TOptions? value;

    public InForce(string name, IValidator<TOptions> validator, IConfiguration configuration, IProcessDefaults<TOptions>? defaults = null)
        : base(name, typeof(TOptions))
    {
        this.validator = validator;
        this.configuration = configuration;
        this.defaults = defaults;
        start = Read();
    }

    /// <summary>The current options, for settings that <see cref="AppliesOnReloadAttribute"/> marks.</summary>
    public TOptions Value => value ?? throw FaultyStart();

    /// <summary>The options of the start, for everything that is set up once.</summary>
    public TOptions AtStart => atStart ?? throw FaultyStart();

    /// <summary>The options of the start; null where the section was faulty then, so that the process will not start.</summary>
    public TOptions? AtStartIfValid => atStart;

    /// <summary>Gives the options to a reader, now and after each change.</summary>
    public void Follow(Action<TOptions> take)
    {
        lock (gate)
        {
            take(Value);
            followers += take;
        }
    }

    public override SectionChange Read()
    {
        lock (gate)
        {
            // All steps use one copy, because the sources may change between them.
            var settings = SectionReading.Copy(configuration.GetSection(Name));
            var reading = SectionReading.Of(settings, Options);
            var options = NewDefaults();
            reading.Bind(settings, options);
            var faults = FaultsOf(settings, reading, options);
            return faults.Count == 0 ? Take(options, TextsOf(settings)) : new SectionChange(faults, [], []);
        }
    }

    public override object Defaults() => NewDefaults();

    private TOptions NewDefaults()
    {
        var options = new TOptions();
        defaults?.Set(options);
        return options;
    }

    private SectionChange Take(TOptions options, Dictionary<string, string> fresh)
    {
        var changed = Differences(fresh, texts).ToLookup(AppliesOnReload);
        texts = fresh;
        textsAtStart ??= fresh;
        atStart ??= options;
        if (value is null || changed[true].Any())
        {
            value = options;
            followers?.Invoke(options);
        }

        return new SectionChange([], [.. changed[true]], [.. changed[false].Intersect(Differences(fresh, textsAtStart))]);
    }

    private OptionsValidationException FaultyStart() => new(Name, Options, start.Faults);

    private List<string> FaultsOf(IConfigurationSection settings, SectionReading reading, TOptions options)
    {
        // The default that replaced an unreadable value may be invalid as well.
        var written = reading.Faults;
        var meant = validator.Validate(options).Errors
            .Where(failure => atStart is null || failure.ErrorCode != ConfigurationFault.AtStartOnly)
            .Select(failure => FaultOf(settings, failure))
            .Where(fault => !written.Any(other => string.Equals(other.Key, fault.Key, StringComparison.OrdinalIgnoreCase)));
        return [.. written.Concat(meant).Select(fault => fault.ToString())];
    }

    private ConfigurationFault FaultOf(IConfigurationSection settings, ValidationFailure failure) => failure.Severity == Severity.Info
        ? new(null, failure.ErrorMessage)
        : new(SettingKey.Of(settings, Options, failure.PropertyName), failure.ErrorMessage);

    private Dictionary<string, string> TextsOf(IConfigurationSection settings) => Written(settings).ToDictionary(
        setting => setting.Path,
        setting => string.Join('\n', setting.AsEnumerable().Select(entry => $"{entry.Key}={entry.Value}")),
        StringComparer.OrdinalIgnoreCase);

    // A list on one line has no keys below it.
    private IEnumerable<IConfigurationSection> Written(IConfigurationSection settings) =>
        settings.Value is not null && SettingKind.Of(Options).IsValue ? [settings] : settings.GetChildren();

    private static IEnumerable<string> Differences(Dictionary<string, string> now, Dictionary<string, string> then) =>
        now.Keys.Union(then.Keys, StringComparer.OrdinalIgnoreCase).Where(key => now.GetValueOrDefault(key) != then.GetValueOrDefault(key));
}
