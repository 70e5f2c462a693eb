using System.Text.Json.Serialization;

namespace WebSmsGateway.Simulator.Behaviour;

/// <summary>How an account answers. The default is the behaviour in the vendor's document.</summary>
public sealed record SimulatorBehaviour
{
    /// <summary>How the records are written.</summary>
    public FormatVariant Format { get; init; } = new();

    /// <summary>The charset of the answer, and the charset that the answer declares.</summary>
    public CharsetVariant Charset { get; init; } = new();

    /// <summary>How the answer marks the end of its body.</summary>
    public Transport Transport { get; init; } = Transport.ContentLength;

    /// <summary>The faults. One call may have several; if several replace the answer, the first applies.</summary>
    public IReadOnlyList<SimulatorFault> Faults { get; init; } = [];
}

/// <summary>The charset of an answer, and the charset that it declares.</summary>
public sealed record CharsetVariant
{
    /// <summary>
    /// The charset of the bytes. A character that windows-1251 lacks becomes <c>?</c>, as at WEBSMS. An emoji has two UTF-16 units and
    /// becomes <c>??</c>.
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

/// <summary>How an answer marks the end of its body.</summary>
public enum Transport
{
    ContentLength,

    Chunked,

    /// <summary>Only by the end of the connection.</summary>
    Close,
}
