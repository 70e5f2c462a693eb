using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>What stands behind the last text of the TXT form, which has no end mark: a comment of the server, or the page of a script that failed.</summary>
internal static class TxtTail
{
    // What a server's page begins with. Anything else in angle brackets is more likely a part of the text.
    private static readonly byte[][] PageTags =
        [.. ((string[])["html", "!doctype", "head", "body", "title", "font", "p", "br", "hr", "h1", "h2", "h3", "table", "div", "center", "pre"])
            .Select(Encoding.ASCII.GetBytes)];

    /// <summary>Whether a line begins with a tag, or a comment ends the record.</summary>
    public static bool HoldsMarkup(WireBytes record) =>
        record.Span.TrimEnd(" \r\n\0"u8).EndsWith("-->"u8) || FindTag(record, 0) >= 0;

    /// <summary>Where the line begins that opens a page, or -1.</summary>
    public static int FindPage(WireBytes record)
    {
        var tag = FindTag(record, 0);
        while (tag >= 0 && !OpensPage(record, tag + 1))
        {
            tag = FindTag(record, tag + 1);
        }

        return tag < 0 ? tag : record.SkipBefore(tag, 0, " \t"u8);
    }

    /// <summary>The next bracket that begins a line, or -1.</summary>
    private static int FindTag(WireBytes record, int from)
    {
        for (var end = record.Find(TxtLine.Ends, from); end >= 0; end = record.Find(TxtLine.Ends, end))
        {
            end = record.SkipWhite(end);
            if (record.Has(end, (byte)'<'))
            {
                return end;
            }
        }

        return -1;
    }

    private static bool OpensPage(WireBytes record, int name)
    {
        var end = name;
        while (end < record.Length && end - name < 9 && (char.IsAsciiLetterOrDigit((char)record[end]) || record[end] == '!'))
        {
            end++;
        }

        var tag = record.Span[name..end];
        var isClosed = record.Has(end, (byte)'>') || record.Has(end, (byte)'/') || (end < record.Length && WireBytes.IsWhite(record[end]));
        foreach (var known in PageTags)
        {
            if (isClosed && Ascii.EqualsIgnoreCase(tag, known))
            {
                return true;
            }
        }

        return false;
    }
}
