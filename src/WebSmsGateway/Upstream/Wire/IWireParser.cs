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
    /// <returns>
    /// The document. <see cref="WireDocument.IsWhole"/> speaks of the format's own end mark only and is false for TXT,
    /// which has none.
    /// </returns>
    WireDocument Parse(ReadOnlySpan<byte> utf8);
}
