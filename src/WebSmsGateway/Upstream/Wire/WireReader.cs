namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// From the bytes of an HTTP body to a document: decides the charset, then the format by what the bytes are and not by what was
/// asked for. The door of this folder.
/// </summary>
internal static class WireReader
{
    private static readonly JsonWireParser Json = new();
    private static readonly XmlWireParser Xml = new();
    private static readonly TxtWireParser Txt = new();

    /// <summary>Reads an answer; never throws.</summary>
    /// <param name="body">The body as received, already decompressed.</param>
    /// <param name="declaredCharset">The charset parameter of <c>Content-Type</c>; null where there is none.</param>
    /// <param name="lengthIsProven">Whether <c>Content-Length</c> or chunking told the end. It is the only proof that TXT has.</param>
    public static WireDocument Read(ReadOnlyMemory<byte> body, string? declaredCharset, bool lengthIsProven)
    {
        var utf8 = WireCharset.ToUtf8(body, declaredCharset, out var hasReplacements);
        var start = utf8.Span.SkipWhite(0);
        return start == utf8.Length
            ? WireDocument.NotTheProtocol
            : ParserFor(utf8.Span[start..]).Parse(utf8, new WireEvidence(lengthIsProven, hasReplacements));
    }

    private static IWireParser ParserFor(ReadOnlySpan<byte> utf8) => utf8[0] switch
    {
        (byte)'<' => Xml,
        (byte)'{' => Json,
        (byte)'[' when utf8.Length > 1 && char.IsAsciiDigit((char)utf8[1]) => Txt,
        (byte)'[' => Json,
        _ => Txt,
    };
}
