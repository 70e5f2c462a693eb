namespace WebSmsGateway.Configuration;

/// <summary>
/// Says what bounds a collection that is held for longer than a request. A test walks all such collections and fails on one without it.
/// </summary>
/// <param name="by">What bounds it, in words.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class BoundedAttribute(string by) : Attribute
{
    /// <summary>What bounds it, in words.</summary>
    public string By => by;
}
