using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WebSmsGateway.Configuration;

/// <summary>Turns the text of a setting into its value as the configuration binder does, and says in plain words where it cannot.</summary>
internal static partial class SettingText
{
    /// <summary>What is wrong with a text, and what to write instead; null where nothing is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="type">The type of the setting.</param>
    /// <param name="example">A value to show.</param>
    /// <param name="isSecret">Whether nobody may see the text.</param>
    public static string? FaultOf(string text, Type type, object? example, bool isSecret)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return text.Length == 0 ? null : FaultOf(text, underlying, example, isSecret);
        }

        if (IsReadable(text, type))
        {
            return null;
        }

        // An address may hold a password too, and one that cannot be read does not say where.
        return $"{(isSecret || type == typeof(Uri) ? "the value" : $"'{Shown(text)}'")} {Complaint(type, example)}";
    }

    /// <summary>A text without the passwords that addresses and connection strings hold.</summary>
    public static string WithoutPasswords(string text) => UserInfo().Replace(NamedSecrets().Replace(text, "$1***"), "$1***@");

    // One fault is one line, whatever was written.
    private static string Shown(string text) =>
        string.Concat(text.Take(40).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)) + (text.Length > 40 ? "…" : "");

    /// <summary>How to write a value, or where there is none the simplest one of its type.</summary>
    public static string? Of(Type type, object? value) =>
        type == typeof(byte[]) || Nullable.GetUnderlyingType(type) is not null
            ? ""
            : TypeDescriptor.GetConverter(type).ConvertToInvariantString(
                value ?? (type.IsValueType ? Activator.CreateInstance(type) : null));

    private static bool IsReadable(string text, Type type)
    {
        try
        {
            if (type == typeof(object))
            {
                return true;
            }

            if (type == typeof(byte[]))
            {
                _ = Convert.FromBase64String(text);
                return true;
            }

            // For an enum the binder would also take numbers, and several names at once.
            _ = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return !type.IsEnum || Enum.GetNames(type).Contains(text.Trim(), StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception)
        {
            // Converters throw whatever their parser threw, wrapped or not.
            return false;
        }
    }

    private static string Complaint(Type type, object? example)
    {
        if (type == typeof(TimeSpan))
        {
            var sample = example is TimeSpan time && time > TimeSpan.Zero ? time : TimeSpan.FromSeconds(10);
            return $"is no duration; write hh:mm:ss, for example {sample:c}";
        }

        if (type == typeof(bool))
        {
            return "is neither true nor false; write one of them";
        }

        if (type.IsEnum)
        {
            var names = Enum.GetNames(type).Select(name => name.ToLowerInvariant()).ToArray();
            return $"is not known; write {string.Join(", ", names[..^1])} or {names[^1]}";
        }

        if (type == typeof(byte[]))
        {
            return "is no base64; write for example AAECAw==";
        }

        if (type == typeof(Uri))
        {
            return "is no address; write for example https://example.org/";
        }

        var shown = example is IFormattable number and not 0 ? number.ToString(null, CultureInfo.InvariantCulture) : "10";
        return type == typeof(double) || type == typeof(decimal) || type == typeof(float)
            ? $"is no number; write for example {shown}"
            : $"is no whole number; write digits, for example {shown}";
    }

    [GeneratedRegex(@"((?:password|pwd|user|token|secret|key)\s*=)[^,]*", RegexOptions.IgnoreCase)]
    private static partial Regex NamedSecrets();

    [GeneratedRegex("^(.*?//)?.*@", RegexOptions.Singleline)]
    private static partial Regex UserInfo();
}
