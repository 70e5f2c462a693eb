namespace WebSmsGateway.Configuration;

/// <summary>
/// Turns the path of a property, as FluentValidation writes it (<c>Items[1].Name</c>), into the key that an operator wrote
/// (<c>Items:7:Name</c>, where 0 and 7 are the items that there are).
/// </summary>
internal static class SettingKey
{
    public static string Of(IConfigurationSection section, Type type, string property)
    {
        // The path of a list at the root begins with the name of a lambda's parameter.
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
