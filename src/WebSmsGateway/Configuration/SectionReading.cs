using System.ComponentModel;
using System.Reflection;

namespace WebSmsGateway.Configuration;

/// <summary>
/// Finds all unreadable values and unknown keys of a section. The configuration binder stops at the first unreadable value and ignores
/// unknown keys.
/// </summary>
internal sealed class SectionReading
{
    private readonly List<ConfigurationFault> faults = [];

    // The replacements of unreadable values by key; null removes the key.
    private readonly Dictionary<string, string?> unreadable = new(StringComparer.OrdinalIgnoreCase);

    private SectionReading()
    {
    }

    public IReadOnlyList<ConfigurationFault> Faults => faults;

    public static SectionReading Of(IConfigurationSection section, Type options)
    {
        var reading = new SectionReading();
        reading.Walk(section, options, Default(options), isSecret: false);
        return reading;
    }

    /// <summary>Copies a section, so that no source changes it. A key without a value is omitted and keeps its default.</summary>
    public static IConfigurationSection Copy(IConfigurationSection section) =>
        SectionOf(section.AsEnumerable().Where(entry => entry.Value is not null), section.Path);

    /// <summary>Binds the readable values. The others keep their defaults, so that the validator can still find further faults.</summary>
    public void Bind(IConfigurationSection section, object options)
    {
        // The binder takes no text for a list that exists already.
        if (section.Value is { } line && options is ICollection<string> list && SettingKind.Of(options.GetType()).IsValue)
        {
            foreach (var entry in (ICollection<string>)TypeDescriptor.GetConverter(list).ConvertFromInvariantString(line)!)
            {
                list.Add(entry);
            }

            return;
        }

        if (unreadable.Count == 0)
        {
            section.Bind(options);
            return;
        }

        // Most unreadable values are replaced, because the removal of a key would renumber the items of a list that follow it.
        var readable = section.AsEnumerable()
            .Select(entry => unreadable.TryGetValue(entry.Key, out var instead) ? KeyValuePair.Create(entry.Key, instead) : entry)
            .Where(entry => entry.Value is not null);
        SectionOf(readable, section.Path).Bind(options);
    }

    private static IConfigurationSection SectionOf(IEnumerable<KeyValuePair<string, string?>> entries, string path) =>
        new ConfigurationBuilder().AddInMemoryCollection(entries).Build().GetSection(path);

    private void Walk(IConfigurationSection section, Type type, object? example, bool isSecret)
    {
        var kind = SettingKind.Of(type);
        if (kind.IsValue && (kind.Element is null || section.Value is not null))
        {
            Value(section, type, example, isSecret);
        }
        else if (section.Value is { Length: > 0 })
        {
            // The binder ignores a text where it expects keys. A text at the root is no fault, because an environment variable may
            // have the name of a section by chance.
            if (section.Path.Contains(':', StringComparison.Ordinal))
            {
                Add(section.Path, kind.Element is not null && kind.Key is null
                    ? $"is a list; write {section.Path}:0 for its first value"
                    : $"has keys of its own; write {section.Path}:{kind.Settings.Keys.FirstOrDefault() ?? "key"}");
            }
        }
        else if (kind.Element is { } element)
        {
            Elements(section, element, kind.Key, isSecret);
        }
        else
        {
            Settings(section, kind, example);
        }
    }

    private void Value(IConfigurationSection section, Type type, object? example, bool isSecret)
    {
        if (section.Value is { } text && SettingText.FaultOf(text, type, example, isSecret) is { } fault)
        {
            unreadable[section.Path] = SettingText.Of(type, example);
            Add(section.Path, fault);
        }

        foreach (var below in section.GetChildren())
        {
            // A byte array may be written as a list of bytes.
            if (type != typeof(byte[]))
            {
                Add(below.Path, "unknown key, because the key above it has a value and nothing below");
            }
        }
    }

    private void Elements(IConfigurationSection section, Type element, Type? key, bool isSecret)
    {
        foreach (var below in section.GetChildren())
        {
            if (key is not null && SettingText.FaultOf(below.Key, key, example: null, isSecret) is { } fault)
            {
                foreach (var entry in below.AsEnumerable())
                {
                    unreadable[entry.Key] = null;
                }

                Add(below.Path, fault);
            }
            else
            {
                Walk(below, element, Default(element), isSecret);
            }
        }
    }

    private void Settings(IConfigurationSection section, SettingKind kind, object? example)
    {
        foreach (var below in section.GetChildren())
        {
            if (kind.Settings.TryGetValue(below.Key, out var property))
            {
                Walk(
                    below, property.PropertyType, example is null ? null : property.GetValue(example),
                    property.IsDefined(typeof(SecretAttribute), inherit: false));
            }
            else
            {
                Add(below.Path, Spelling.Nearest(below.Key, kind.Settings.Keys) is { } meant
                    ? $"unknown key; did you mean {section.Path}:{meant}?"
                    : $"unknown key; known here: {string.Join(", ", kind.Settings.Keys.Order(StringComparer.Ordinal))}");
            }
        }
    }

    private void Add(string key, string message) => faults.Add(new(key, message));

    private static object? Default(Type type) =>
        type.IsValueType
        || type.GetConstructor(BindingFlags.Instance | BindingFlags.Public, Type.EmptyTypes) is not null && !type.IsAbstract
            ? Activator.CreateInstance(type)
            : null;
}
