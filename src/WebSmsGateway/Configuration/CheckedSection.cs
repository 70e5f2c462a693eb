namespace WebSmsGateway.Configuration;

/// <summary>A configuration section and the options class whose properties are its keys.</summary>
internal sealed record CheckedSection(string Name, Type Options);
