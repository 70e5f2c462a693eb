using System.Text.Json.Serialization;

namespace WebSmsGateway.Simulator.Behaviour;

/// <summary>How an account answers. As it is made, it answers the way the vendor's document shows.</summary>
public sealed record SimulatorBehaviour
{
    /// <summary>How the records are written.</summary>
    public FormatVariant Format { get; init; } = new();

    /// <summary>How characters become bytes, and what is said about it.</summary>
    public CharsetVariant Charset { get; init; } = new();

    /// <summary>How the end of the body is told.</summary>
    public Transport Transport { get; init; } = Transport.ContentLength;

    /// <summary>What goes wrong. Several may meet in one call; of those that replace the answer the first counts.</summary>
    public IReadOnlyList<SimulatorFault> Faults { get; init; } = [];
}

/// <summary>How characters become bytes, and what is said about it.</summary>
public sealed record CharsetVariant
{
    /// <summary>
    /// The charset of the bytes. What windows-1251 lacks becomes <c>?</c>, as with the real thing: an emoji, being two units,
    /// <c>??</c>.
    /// </summary>
    public WireCharset Name { get; init; } = WireCharset.Utf8;

    /// <summary>The charset that <c>Content-Type</c> and the XML declaration name; empty: none is named; null: the true one.</summary>
    public string? Declared { get; init; }

    /// <summary>Whether the body begins with the bytes EF BB BF, whatever its charset.</summary>
    public bool ByteOrderMark { get; init; }

    /// <summary>Whether an XML answer begins with <c>&lt;?xml … ?&gt;</c>.</summary>
    public bool XmlDeclaration { get; init; }

    /// <summary>The media type in <c>Content-Type</c>; null: that of the format.</summary>
    public string? MediaType { get; init; }
}

public enum WireCharset
{
    [JsonStringEnumMemberName("utf-8")]
    Utf8,

    [JsonStringEnumMemberName("windows-1251")]
    Windows1251,
}

/// <summary>How the end of a body is told.</summary>
public enum Transport
{
    ContentLength,

    Chunked,

    /// <summary>By the end of the connection alone.</summary>
    Close,
}
