using System.Buffers;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// From the bytes of an HTTP body to a document: decides the charset, then the format by what the bytes are and not by what was
/// asked for. The door of this folder.
/// </summary>
/// <remarks>
/// Whatever the bytes are, a reading takes time linear in their number and never yields a record that they do not hold. Only the
/// deadline is thrown.
/// </remarks>
internal static class WireReader
{
    private static readonly SearchValues<byte> SectionEnds = SearchValues.Create("]\"{\r\n"u8);

    /// <summary>Reads an answer.</summary>
    /// <param name="body">The body as received, already decompressed.</param>
    /// <param name="declaredCharset">The charset parameter of <c>Content-Type</c>; null where there is none.</param>
    /// <param name="transportEnd">
    /// <see cref="WireEnd.Proven"/> where <c>Content-Length</c> or chunking told the end and it came.
    /// </param>
    /// <param name="deadline">Ends the reading.</param>
    public static WireDocument Read(
        ReadOnlyMemory<byte> body, string? declaredCharset, WireEnd transportEnd, CancellationToken deadline = default) =>
        Read(body, declaredCharset, transportEnd, new WireWork(deadline));

    /// <summary>Reads an answer, and counts what is looked at.</summary>
    public static WireDocument Read(ReadOnlyMemory<byte> body, string? declaredCharset, WireEnd transportEnd, WireWork work)
    {
        var characters = WireCharset.ToUtf8(body, declaredCharset);
        var document = Read(new WireEvidence(transportEnd, characters, work));
        return document.IsProtocol || transportEnd != WireEnd.Cut ? document : document with { End = WireEnd.Cut };
    }

    private static WireDocument Read(WireEvidence evidence)
    {
        var bytes = evidence.Bytes;
        return bytes.Length == 0 ? WireDocument.NotTheProtocol : bytes[0] switch
        {
            (byte)'<' => XmlWireParser.Read(evidence),
            (byte)'{' or (byte)'[' when !IsSection(bytes) => JsonWireParser.Read(evidence),
            _ => TxtWireParser.Read(evidence),
        };
    }

    /// <summary>Whether a bracket opens the number or name of a section of TXT, and nothing of JSON.</summary>
    private static bool IsSection(WireBytes bytes)
    {
        var name = bytes.SkipWhite(1);
        var end = bytes.Find(SectionEnds, 1);
        return name < bytes.Length && (char.IsAsciiDigit((char)bytes[name]) || (end > name && bytes[end] == ']'));
    }
}
