using System.Runtime.InteropServices;
using System.Xml;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Reads the XML form. Entities and DTDs are never resolved: an answer that has a DTD is not of the protocol.</summary>
internal static class XmlWireParser
{
    private const int LongestTag = 64 * 1024;

    public static WireDocument Read(WireEvidence evidence)
    {
        var start = SkipProlog(evidence.Bytes);
        if (start < 0)
        {
            return WireDocument.NotTheProtocol;
        }

        // What stands behind the end does not count.
        var range = start..XmlRecovery.FindEnd(evidence.Bytes, start);
        var utf8 = evidence.Bytes[range];
        var walk = new XmlWalk(new WireDocumentBuilder(WireFormat.Xml, evidence), evidence.Work);
        var isWellFormed = !HasEndlessTag(utf8) && TryWalk(walk, evidence.Characters.Utf8[range]);
        return isWellFormed && !walk.HasElementsInTexts
            ? walk.Builder.Build(walk.IsWhole ? WireEnd.Proven : WireEnd.Cut, wasRecovered: false)
            : new XmlRecovery(utf8, nestedIsText: isWellFormed, new WireDocumentBuilder(WireFormat.Xml, evidence))
                .Read(isWhole: isWellFormed && walk.IsWhole);
    }

    /// <summary>
    /// Steps over the declaration: the bytes have been decoded, so its encoding no longer holds, and pages of the vendor's kind
    /// print blank lines before it, which XML forbids.
    /// </summary>
    private static int SkipProlog(WireBytes utf8)
    {
        var at = 0;
        while (utf8.StartsWith(at, "<?"u8) || utf8.StartsWith(at, "<!--"u8))
        {
            var isComment = utf8[at + 1] == '!';
            at = utf8.Find(isComment ? "-->"u8 : "?>"u8, at);
            if (at < 0)
            {
                return -1;
            }

            at = utf8.SkipWhite(at + (isComment ? 3 : 2));
        }

        return at == utf8.Length || utf8.StartsWith(at, "<!"u8) ? -1 : at;
    }

    // XmlReader compares the attributes of a tag with each other, and nothing bounds their number but this.
    private static bool HasEndlessTag(WireBytes utf8)
    {
        var last = 0;
        for (var at = utf8.Find((byte)'<', 0); at >= 0; at = utf8.Find((byte)'<', at + 1))
        {
            if (at - last > LongestTag)
            {
                return true;
            }

            last = at;
        }

        return utf8.Length - last > LongestTag;
    }

    private static bool TryWalk(XmlWalk walk, ReadOnlyMemory<byte> utf8)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = utf8.Length + 1,
            MaxCharactersFromEntities = 1,
            // Control characters may come as references: they are part of an SMS.
            CheckCharacters = false,
            CloseInput = true,
        };
        var stream = MemoryMarshal.TryGetArray(utf8, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(utf8.ToArray(), writable: false);
        try
        {
            using var reader = XmlReader.Create(stream, settings);
            return walk.TryRead(reader);
        }
        catch (XmlException)
        {
            // Not well-formed: the anchors have to do.
            return false;
        }
    }
}
