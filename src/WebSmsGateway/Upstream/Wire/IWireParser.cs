namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Reads one format. A parser never throws, whatever the bytes, takes time linear in their number,
/// and never yields a record that the bytes do not hold.
/// </summary>
internal interface IWireParser
{
    /// <summary>The format that this parser reads.</summary>
    WireFormat Format { get; }

    /// <summary>Reads an answer.</summary>
    /// <param name="utf8">The answer, already turned into UTF-8, without a byte order mark.</param>
    /// <param name="evidence">What is known of the bytes beyond themselves.</param>
    WireDocument Parse(ReadOnlyMemory<byte> utf8, WireEvidence evidence);
}

/// <summary>What is known of an answer beyond its characters.</summary>
/// <param name="LengthIsProven">Whether the transport told the length. TXT has no other proof of its end.</param>
/// <param name="HasReplacements">
/// Whether undecodable bytes were replaced by U+FFFD, so that a U+FFFD in a text is damage and not the sender's.
/// </param>
internal readonly record struct WireEvidence(bool LengthIsProven, bool HasReplacements);
