using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.Configuration.Memory;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Commands;

/// <summary>One setting as it is in force.</summary>
/// <param name="Key">The key, such as <c>Upstream:Timeout</c>.</param>
/// <param name="Value">The value, fit for other people's eyes.</param>
/// <param name="Source">Where it comes from; <c>default</c> where nobody set it.</param>
internal sealed record SettingInForce(string Key, string Value, string Source);

/// <summary>Lists every setting of the checked sections: what is set, by whom, and the defaults of the rest.</summary>
internal sealed class SettingsInForce(IConfiguration configuration, IEnumerable<CheckedSection> sections)
{
    public IReadOnlyList<SettingInForce> List()
    {
        var settings = new List<SettingInForce>();
        foreach (var section in sections)
        {
            Walk(configuration.GetSection(section.Name), section.Options, Default(section.Options), secret: null, settings);
        }

        return [.. settings.OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)];
    }

    private void Walk(
        IConfigurationSection section, Type type, object? standard, SecretAttribute? secret, List<SettingInForce> settings)
    {
        var kind = SettingKind.Of(type);
        if (section.Value is not null || kind.IsValue && !section.GetChildren().Any())
        {
            settings.Add(section.Value is { } text
                ? new SettingInForce(section.Path, Shown(text, secret), SourceOf(section.Path))
                : new SettingInForce(section.Path, Shown(TextOf(standard), secret), "default"));
        }
        else if (kind.Element is { } element)
        {
            foreach (var below in section.GetChildren())
            {
                Walk(below, element, Default(element), secret, settings);
            }
        }
        else
        {
            foreach (var (name, property) in kind.Settings)
            {
                Walk(
                    section.GetSection(name), property.PropertyType, standard is null ? null : property.GetValue(standard),
                    property.GetCustomAttribute<SecretAttribute>(), settings);
            }
        }
    }

    private static string Shown(string text, SecretAttribute? secret)
    {
        if (text.Length == 0)
        {
            return "(none)";
        }

        return secret is { InParts: false } ? "***" : string.Join(
            ',', SettingText.WithoutPasswords(text).Split(',').Select(
                part => RentedNumber.TryParse(part.Trim(), out var number) ? number.Masked : part));
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        Enum or bool => value.ToString()!.ToLowerInvariant(),
        System.Collections.ICollection => "",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>The last provider that has the key is the one that counts.</summary>
    private string SourceOf(string key) =>
        ((IConfigurationRoot)configuration).Providers.Reverse().FirstOrDefault(provider => provider.TryGet(key, out _)) switch
        {
            JsonConfigurationProvider json => json.Source.Path ?? "JSON",
            EnvironmentVariablesConfigurationProvider => "environment " + key.Replace(":", "__", StringComparison.Ordinal),
            CommandLineConfigurationProvider => "command line",
            KeyPerFileConfigurationProvider =>
                $"{ConfigurationFeature.SecretsDirectoryOf(configuration)}/{key.Replace(":", "__", StringComparison.Ordinal)}",
            MemoryConfigurationProvider => "the host program",
            var other => other?.GetType().Name ?? "default",
        };

    private static object? Default(Type type) => type.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(type);
}
