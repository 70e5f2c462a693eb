namespace WebSmsGateway.Configuration;

/// <summary>A configuration section and the options class whose properties are its keys.</summary>
internal abstract class CheckedSection(string name, Type options)
{
    public string Name => name;

    public Type Options => options;

    /// <summary>Reads and checks the section, and applies it unless it is faulty.</summary>
    public abstract SectionChange Read();

    /// <summary>New options with the defaults that this process has.</summary>
    public abstract object Defaults();

    protected bool AppliesOnReload(string key) =>
        SettingKind.Of(options).Settings.TryGetValue(key[(key.LastIndexOf(':') + 1)..], out var property)
        && property.IsDefined(typeof(AppliesOnReloadAttribute), inherit: false);
}

/// <summary>The result of reading a section.</summary>
/// <param name="Faults">One line for each fault. With a fault, nothing of the section applies.</param>
/// <param name="Applied">Keys whose new values apply now.</param>
/// <param name="Waiting">Keys that have changed and apply after a restart.</param>
internal sealed record SectionChange(IReadOnlyList<string> Faults, IReadOnlyList<string> Applied, IReadOnlyList<string> Waiting);

/// <summary>Marks a setting that applies without a restart. All other settings keep the value that they had at start.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AppliesOnReloadAttribute : Attribute;
