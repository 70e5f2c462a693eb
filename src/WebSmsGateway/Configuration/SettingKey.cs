namespace WebSmsGateway.Configuration;

/// <summary>
/// Turns a property path of FluentValidation (<c>Items[1].Name</c>) into the key that the operator wrote (<c>Items:7:Name</c> if the items
/// are 0 and 7).
/// </summary>
internal static class SettingKey
{
    public static string Of(IConfigurationSection section, Type type, string property)
    {
        // The path of a section that is a list begins with the name of a lambda parameter, which is no part of the key.
        var path = SettingKind.Of(type).Element is null ? property : property[Math.Max(0, property.IndexOf('['))..];
        foreach (var step in path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            var kind = SettingKind.Of(type);
            var isListed = kind.Element is not null && kind.Key is null && int.TryParse(step, out _);
            var key = isListed ? section.GetChildren().ElementAtOrDefault(int.Parse(step))?.Key ?? step : step;
            type = kind.Element ?? (kind.Settings.TryGetValue(step, out var setting) ? setting.PropertyType : typeof(object));
            section = section.GetSection(key);
        }

        return section.Path;
    }
}
