using System.Buffers;
using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>One tag, read from bytes that need not be XML.</summary>
internal readonly ref struct XmlTag
{
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" \r\n\t=<>/\"'"u8);

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

    /// <summary>Reads the tag at a <c>&lt;</c>. It never looks past the next one, so that reading all tags takes linear time.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, int start, out XmlTag tag)
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
            at = utf8.SkipWhite(at);
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
            at = utf8.SkipWhite(at);
            if (attribute.IsEmpty || !utf8.Has(at, (byte)'='))
            {
                return false;
            }

            at = utf8.SkipWhite(at + 1);
            if (!TryTakeValue(utf8, ref at, out var value))
            {
                return false;
            }

            fields.Take(WireFields.Of(attribute), value);
        }
    }

    private static ReadOnlySpan<byte> TakeName(ReadOnlySpan<byte> utf8, scoped ref int at)
    {
        if (at >= utf8.Length)
        {
            return default;
        }

        var length = utf8[at..].IndexOfAny(NameEnds);
        var name = length < 0 ? default : utf8.Slice(at, length);
        at += name.Length;
        return name;
    }

    private static bool TryTakeValue(ReadOnlySpan<byte> utf8, scoped ref int at, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (at >= utf8.Length || utf8[at] is not ((byte)'"' or (byte)'\''))
        {
            return false;
        }

        var start = at + 1;
        var length = utf8[start..].IndexOfAny(utf8[at], (byte)'<');
        if (length < 0 || utf8[start + length] == '<')
        {
            return false;
        }

        value = utf8.Slice(start, length);
        value = value.Contains((byte)'&') ? Encoding.UTF8.GetBytes(XmlText.ReadLenient(value, out _)) : value;
        at = start + length + 1;
        return true;
    }
}
