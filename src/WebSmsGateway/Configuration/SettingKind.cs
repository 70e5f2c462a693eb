using System.ComponentModel;
using System.Reflection;

namespace WebSmsGateway.Configuration;

/// <summary>How the configuration binder reads a type: as one value, a list, a dictionary, or an object with named settings.</summary>
internal sealed record SettingKind
{
    /// <summary>Whether one text gives the value.</summary>
    public bool IsValue { get; private init; }

    /// <summary>The type of the elements of a list or dictionary.</summary>
    public Type? Element { get; private init; }

    /// <summary>The type of the keys of a dictionary.</summary>
    public Type? Key { get; private init; }

    /// <summary>The settings of an object, by name.</summary>
    public IReadOnlyDictionary<string, PropertyInfo> Settings { get; private init; } = new Dictionary<string, PropertyInfo>();

    public static SettingKind Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(object) || type == typeof(byte[]) || TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)))
        {
            // A list with a converter may be written on one line or entry by entry.
            return new() { IsValue = true, Element = type == typeof(string) ? null : Arguments(type, typeof(ICollection<>))?[0] };
        }

        if (Arguments(type, typeof(IDictionary<,>)) is { } table)
        {
            return new() { Key = table[0], Element = table[1] };
        }

        if (Arguments(type, typeof(IEnumerable<>)) is { } list)
        {
            return new() { Element = list[0] };
        }

        var settings = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Where(property => property.SetMethod is { IsPublic: true } || !Of(property.PropertyType).IsValue);
        return new() { Settings = settings.ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase) };
    }

    private static Type[]? Arguments(Type type, Type open) =>
        type.GetInterfaces().Append(type)
            .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == open)
            ?.GetGenericArguments();
}
