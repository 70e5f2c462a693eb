namespace WebSmsGateway.Configuration;

/// <summary>Marks a secret setting, whose value appears in no fault, log line or answer.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute
{
    /// <summary>Whether the setting is a connection string, which is shown without its passwords.</summary>
    public bool InParts { get; init; }
}
