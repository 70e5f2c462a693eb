using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.Configuration.Memory;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Commands;

/// <summary>A setting in force: its key, such as <c>Upstream:Timeout</c>, its value without secrets, and its source.</summary>
internal sealed record SettingInForce(string Key, string Value, string Source);

/// <summary>Lists every setting of the checked sections, defaults included.</summary>
internal sealed partial class SettingsInForce(IConfiguration configuration, IEnumerable<CheckedSection> sections, CheckedConfiguration state)
{
    private const string Hidden = "***";

    public IReadOnlyList<SettingInForce> List() => [.. sections
        .SelectMany(section => Walk(configuration.GetSection(section.Name), section.Options, section.Defaults(), secret: null))
        .OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)];

    private IEnumerable<SettingInForce> Walk(IConfigurationSection section, Type type, object? standard, SecretAttribute? secret)
    {
        var kind = SettingKind.Of(type);
        if (section.Value is { } text)
        {
            // In a faulty connection string nobody can tell where a password ends.
            var isHidden = secret is not null && state.IsFaulty(section.Path);
            return [new(section.Path, isHidden ? Hidden : type == typeof(Uri) ? ShownAddress(text) : Shown(Read(text, type), secret), SourceOf(section.Path))];
        }

        if (kind.IsValue && !section.GetChildren().Any())
        {
            return [new(section.Path, Shown(TextOf(standard), secret), "default")];
        }

        return kind.Element is { } element
            ? section.GetChildren().SelectMany(below => Walk(below, element, Default(element), secret))
            : kind.Settings.SelectMany(setting => Walk(
                section.GetSection(setting.Key), setting.Value.PropertyType, standard is null ? null : setting.Value.GetValue(standard),
                setting.Value.GetCustomAttribute<SecretAttribute>()));
    }

    private static string Shown(string text, SecretAttribute? secret)
    {
        if (text.Length == 0)
        {
            return "(none)";
        }

        return secret is { InParts: false } ? Hidden : string.Join(
            ',', SettingText.WithoutPasswords(text).Split(',').Select(part => TelephoneNumber().Replace(part, Masked)));
    }

    // A duration can be written in several ways, so it is shown as it was read. A faulty one is shown as it was written.
    private static string Read(string text, Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan) && SettingText.FaultOf(text, type, example: null, isSecret: false) is null
        && text.Length > 0
            ? TextOf(TimeSpan.Parse(text, CultureInfo.InvariantCulture))
            : text;

    // A valid address has scheme, host and path only. What else was written there may be a login or a password in any spelling.
    private static string ShownAddress(string text) => !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length == 0
        ? Hidden
        : address.GetLeftPart(UriPartial.Path) is var shown && address.UserInfo.Length == 0
            ? shown + (address.PathAndQuery == address.AbsolutePath && address.Fragment.Length == 0 ? "" : Hidden)
            : $"{address.Scheme}://***";

    // A number with a digit too many is a fault, and still somebody's number. Hashes have letters among their digits.
    private static string Masked(Match digits) => RentedNumber.Reported(digits.Value).Masked;

    [GeneratedRegex("(?<![0-9A-Za-z])[0-9]{10,}(?![0-9A-Za-z])")]
    private static partial Regex TelephoneNumber();

    private static string TextOf(object? value) => value switch
    {
        null => "",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        Enum or bool => value.ToString()!.ToLowerInvariant(),
        System.Collections.ICollection => "",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    // The last provider with the key wins.
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
