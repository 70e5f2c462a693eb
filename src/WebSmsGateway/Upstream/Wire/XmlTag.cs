using System.Buffers;
using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>One tag, read from bytes that need not be XML.</summary>
internal readonly ref struct XmlTag
{
    private static readonly SearchValues<byte> DoubleQuoteOrTag = SearchValues.Create("\"<"u8);
    private static readonly SearchValues<byte> SingleQuoteOrTag = SearchValues.Create("'<"u8);

    // The names of the protocol are ASCII, so its first byte ends one.
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create([.. " \r\n\t=<>/\"'"u8, NoBreakSpace[0]]);

    // The vendor's document has them between attributes.
    private static ReadOnlySpan<byte> NoBreakSpace => "\u00A0"u8;

    public static ReadOnlySpan<byte> CDataStart => "<![CDATA["u8;

    public static ReadOnlySpan<byte> CDataEnd => "]]>"u8;

    public ReadOnlySpan<byte> Name { get; private init; }

    public WireFields Fields { get; private init; }

    /// <summary>The first place after the tag.</summary>
    public int End { get; private init; }

    public bool IsClosing { get; private init; }

    public bool IsEmpty { get; private init; }

    public bool IsMessage => Ascii.EqualsIgnoreCase(Name, "message"u8);

    /// <summary>Whether this opens a record: nothing less than the date and the number of one is taken for it.</summary>
    public bool OpensRecord => !IsClosing && IsMessage && Fields.Has(WireField.Date) && Fields.Has(WireField.RentNum);

    public bool Closes(ReadOnlySpan<byte> element) => IsClosing && Ascii.EqualsIgnoreCase(Name, element);

    /// <summary>Reads the tag at a <c>&lt;</c>. It never looks past the next one, so that reading all tags takes linear time.</summary>
    public static bool TryRead(WireBytes utf8, int start, out XmlTag tag)
    {
        tag = default;
        if (!utf8.Has(start, (byte)'<'))
        {
            return false;
        }

        var isClosing = utf8.Has(start + 1, (byte)'/');
        var at = start + (isClosing ? 2 : 1);
        var name = TakeName(utf8, ref at);
        if (name.IsEmpty || name[0] is (byte)'!' or (byte)'?')
        {
            return false;
        }

        var fields = new WireFields();
        while (true)
        {
            at = SkipSpace(utf8, at);
            if (utf8.Has(at, (byte)'>'))
            {
                tag = new XmlTag { Name = name, Fields = fields, End = at + 1, IsClosing = isClosing };
                return true;
            }

            if (utf8.Has(at, (byte)'/') && utf8.Has(at + 1, (byte)'>'))
            {
                tag = new XmlTag { Name = name, Fields = fields, End = at + 2, IsClosing = isClosing, IsEmpty = true };
                return true;
            }

            var attribute = TakeName(utf8, ref at);
            at = SkipSpace(utf8, at);
            if (attribute.IsEmpty || !utf8.Has(at, (byte)'='))
            {
                return false;
            }

            at = SkipSpace(utf8, at + 1);
            if (!TryTakeValue(utf8, ref at, out var value))
            {
                return false;
            }

            fields.Take(WireFields.Of(attribute), value);
        }
    }

    private static int SkipSpace(WireBytes utf8, int at)
    {
        at = utf8.SkipWhite(at);
        while (utf8.Has(at, NoBreakSpace[0]) && utf8.StartsWith(at, NoBreakSpace))
        {
            at = utf8.SkipWhite(at + NoBreakSpace.Length);
        }

        return at;
    }

    private static ReadOnlySpan<byte> TakeName(WireBytes utf8, scoped ref int at)
    {
        var start = at;
        at = Math.Max(utf8.Find(NameEnds, at), at);
        return utf8[start..at];
    }

    private static bool TryTakeValue(WireBytes utf8, scoped ref int at, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!utf8.Has(at, (byte)'"') && !utf8.Has(at, (byte)'\''))
        {
            return false;
        }

        var start = at + 1;
        var end = utf8.Find(utf8[at] == '"' ? DoubleQuoteOrTag : SingleQuoteOrTag, start);
        if (end < 0 || utf8[end] == '<')
        {
            return false;
        }

        var raw = utf8[start..end];
        value = raw.Span.Contains((byte)'&') ? Encoding.UTF8.GetBytes(XmlText.ReadLenient(raw, out _)) : raw.Span;
        at = end + 1;
        return true;
    }
}
