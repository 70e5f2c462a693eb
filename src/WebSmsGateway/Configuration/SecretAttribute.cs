namespace WebSmsGateway.Configuration;

/// <summary>Marks a setting that nobody may see: its text appears in no fault, line or answer.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute
{
    /// <summary>Whether the setting is a connection string, which may be shown without its passwords.</summary>
    public bool InParts { get; init; }
}
