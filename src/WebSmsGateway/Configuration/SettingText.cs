using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WebSmsGateway.Configuration;

/// <summary>Checks whether the configuration binder can convert the text of a setting, and describes the fault if it cannot.</summary>
internal static partial class SettingText
{
    private const string HasControls = "has a line end or another control character inside; write it on one line";

    /// <summary>What is wrong with a text, and what to write instead, with the example if there is one; null if nothing is wrong.</summary>
    public static string? FaultOf(string text, Type type, object? example, bool isSecret)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return text.Length == 0 ? null : FaultOf(text, underlying, example, isSecret);
        }

        var complaint = type == typeof(TimeSpan) ? DurationText.FaultOf(text, ExampleOf(example))
            : type == typeof(string) ? (text.Any(char.IsControl) ? HasControls : null)
            : IsReadable(text, type) ? null
            : Complaint(type, example);

        // An address may hold a password, and in an unreadable address nobody can tell where.
        return complaint is null ? null : $"{(isSecret || type == typeof(Uri) ? "the value" : $"'{Shown(text)}'")} {complaint}";
    }

    private static TimeSpan ExampleOf(object? example) => example is TimeSpan time && time > TimeSpan.Zero ? time : TimeSpan.FromSeconds(10);

    /// <summary>A text without the passwords that addresses and connection strings hold.</summary>
    public static string WithoutPasswords(string text) => UserInfo().Replace(NamedSecrets().Replace(text, "$1***"), "$1***@");

    /// <summary>The beginning of a text, with control characters replaced, so that a fault stays one line.</summary>
    public static string Shown(string text) =>
        string.Concat(text.Take(40).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)) + (text.Length > 40 ? "…" : "");

    /// <summary>The text of a value, or of the default of its type if there is none.</summary>
    public static string? Of(Type type, object? value) =>
        type == typeof(byte[]) || Nullable.GetUnderlyingType(type) is not null
            ? ""
            : TypeDescriptor.GetConverter(type).ConvertToInvariantString(
                value ?? (type.IsValueType ? Activator.CreateInstance(type) : null));

    private static bool IsReadable(string text, Type type)
    {
        try
        {
            if (type == typeof(byte[]))
            {
                _ = Convert.FromBase64String(text);
            }
            else if (type != typeof(object))
            {
                _ = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            }

            // The binder would also accept numbers and several names for an enum.
            return !type.IsEnum || Enum.GetNames(type).Contains(text.Trim(), StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception)
        {
            // Converters throw the exception of their parser, wrapped or not.
            return false;
        }
    }

    private static string Complaint(Type type, object? example)
    {
        string[] names = type.IsEnum ? [.. Enum.GetNames(type).Select(name => name.ToLowerInvariant())] : [];
        var digits = example is IFormattable given and not 0 ? given.ToString(null, CultureInfo.InvariantCulture) : "10";
        return type switch
        {
            { IsEnum: true } => $"is not known; write {string.Join(", ", names[..^1])} or {names[^1]}",
            _ when type == typeof(bool) => "is neither true nor false; write one of them",
            _ when type == typeof(byte[]) => "is no base64; write for example AAECAw==",
            _ when type == typeof(Uri) => "is no address; write for example https://example.org/",
            _ when type == typeof(double) || type == typeof(decimal) || type == typeof(float) =>
                $"is no number; write for example {digits}",
            _ => $"is no whole number; write digits, for example {digits}",
        };
    }

    [GeneratedRegex(@"((?:password|pwd|user|username|login|token|secret|key)\s*=)[^,]*", RegexOptions.IgnoreCase)]
    private static partial Regex NamedSecrets();

    [GeneratedRegex("^(.*?//)?.*@", RegexOptions.Singleline)]
    private static partial Regex UserInfo();
}
