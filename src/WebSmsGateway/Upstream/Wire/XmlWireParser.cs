using System.Runtime.InteropServices;
using System.Text;
using System.Xml;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Reads the XML form. Entities and DTDs are never resolved: an answer that has a DTD is not of the protocol.</summary>
internal sealed class XmlWireParser : IWireParser
{
    private const int MaxDepth = 32;
    private const int LongestTag = 64 * 1024;

    public WireFormat Format => WireFormat.Xml;

    public WireDocument Parse(ReadOnlyMemory<byte> utf8, WireEvidence evidence)
    {
        if (!TrySkipProlog(ref utf8))
        {
            return WireDocument.NotTheProtocol;
        }

        var builder = new WireDocumentBuilder(WireFormat.Xml, evidence, utf8.Length);
        try
        {
            var walk = new XmlWalk(builder);
            using var reader = XmlReader.Create(StreamOf(utf8), SettingsFor(utf8.Length));
            if (!HasEndlessTag(utf8.Span) && walk.TryRead(reader, MaxDepth))
            {
                if (!walk.HasElementsInTexts)
                {
                    return builder.Build(walk.IsWhole, wasRecovered: false);
                }

                return XmlRecovery.Read(
                    utf8.Span, nestedIsText: true, walk.IsWhole, new WireDocumentBuilder(WireFormat.Xml, evidence, utf8.Length));
            }
        }
        catch (XmlException)
        {
            // Not well-formed: the anchors have to do.
        }

        return XmlRecovery.Read(utf8.Span, nestedIsText: false, isWhole: false, new WireDocumentBuilder(WireFormat.Xml, evidence, utf8.Length));
    }

    /// <summary>
    /// Steps over the declaration: the bytes have been decoded, so its encoding no longer holds, and pages of the vendor's kind
    /// print blank lines before it, which XML forbids.
    /// </summary>
    private static bool TrySkipProlog(ref ReadOnlyMemory<byte> utf8)
    {
        var bytes = utf8.Span;
        var at = bytes.SkipWhite(0);
        while (bytes[at..].StartsWith("<?"u8) || bytes[at..].StartsWith("<!--"u8))
        {
            var isComment = bytes[at + 1] == '!';
            var length = bytes[at..].IndexOf(isComment ? "-->"u8 : "?>"u8);
            if (length < 0)
            {
                return false;
            }

            at = bytes.SkipWhite(at + length + (isComment ? 3 : 2));
        }

        utf8 = utf8[at..];
        return !utf8.IsEmpty && !bytes[at..].StartsWith("<!"u8);
    }

    // XmlReader compares the attributes of a tag with each other, and nothing bounds their number but this.
    private static bool HasEndlessTag(ReadOnlySpan<byte> utf8)
    {
        while (true)
        {
            var next = utf8.IndexOf((byte)'<');
            if ((next < 0 ? utf8.Length : next) > LongestTag)
            {
                return true;
            }

            if (next < 0)
            {
                return false;
            }

            utf8 = utf8[(next + 1)..];
        }
    }

    private static XmlReaderSettings SettingsFor(int length) => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = length + 1,
        MaxCharactersFromEntities = 1,
        // Control characters may come as references: they are part of an SMS.
        CheckCharacters = false,
        CloseInput = true,
    };

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> utf8) => MemoryMarshal.TryGetArray(utf8, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(utf8.ToArray(), writable: false);
}
