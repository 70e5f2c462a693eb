namespace WebSmsGateway.Model;

/// <summary>The fields of messages that a caller may read.</summary>
internal enum MessageFields
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>All but the text: number, sender, time and code.</summary>
    Code,
}
