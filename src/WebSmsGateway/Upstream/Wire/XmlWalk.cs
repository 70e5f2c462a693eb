using System.Text;
using System.Xml;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>One pass over XML that is well-formed.</summary>
internal sealed class XmlWalk(WireDocumentBuilder builder, WireWork work)
{
    private const int MaxDepth = 32;
    private const int LongestShortField = 256;
    private const int ShortFields = 4;

    private readonly char[] value = new char[LongestShortField];
    private readonly byte[] room = new byte[ShortFields * LongestShortField * 3];
    private int messageDepth = -1;
    private bool hasStrangeContent;
    private WireField openElement;

    public WireDocumentBuilder Builder => builder;

    public bool IsWhole { get; private set; }

    public bool HasElementsInTexts { get; private set; }

    /// <returns>False where the structure shows that a text broke out of its message.</returns>
    public bool TryRead(XmlReader reader)
    {
        var isOfProtocol = false;
        while (ReadNode(reader))
        {
            if (reader.Depth > MaxDepth)
            {
                return false;
            }

            switch (reader.NodeType)
            {
                case XmlNodeType.Element when IsMessage(reader):
                    IsWhole = reader.Depth > 0;
                    if (!TryReadMessage(reader))
                    {
                        return false;
                    }

                    break;
                case XmlNodeType.Element:
                    isOfProtocol |= ReadContainer(reader);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    if (reader.Depth == messageDepth)
                    {
                        return false;
                    }

                    ReadStrayText(reader);
                    break;
            }
        }

        if (isOfProtocol && !hasStrangeContent)
        {
            builder.MarkEmptyAnswer();
        }

        return true;
    }

    private static bool IsMessage(XmlReader reader) => reader.LocalName.Equals("message", StringComparison.OrdinalIgnoreCase);

    private static bool IsContainer(XmlReader reader) =>
        reader.LocalName.Equals("XML", StringComparison.OrdinalIgnoreCase)
        || reader.LocalName.Equals("httpOut", StringComparison.OrdinalIgnoreCase);

    private bool ReadNode(XmlReader reader)
    {
        work.Add(1);
        return reader.Read();
    }

    private bool ReadContainer(XmlReader reader)
    {
        var isContainer = IsContainer(reader);
        IsWhole |= reader.Depth == 0;
        hasStrangeContent |= !isContainer;
        openElement = WireFields.Of(reader.LocalName);
        var fields = ReadAttributes(reader);
        if (fields.HasVerdict)
        {
            builder.AddVerdict(fields.ErrorNumber, fields.ErrorMessage, isBesideMessages: reader.Depth > 0);
        }

        return isContainer;
    }

    private void ReadStrayText(XmlReader reader)
    {
        hasStrangeContent = true;
        if (openElement == WireField.ErrorNumber)
        {
            builder.AddVerdict(Encoding.UTF8.GetBytes(reader.Value), default);
        }
        else if (openElement == WireField.ErrorMessage)
        {
            builder.AddVerdict(default, Encoding.UTF8.GetBytes(reader.Value));
        }
    }

    private bool TryReadMessage(XmlReader reader)
    {
        var depth = reader.Depth;
        var isEmpty = reader.IsEmptyElement;
        var fields = ReadAttributes(reader);
        var text = "";
        StringBuilder? longer = null;
        while (!isEmpty && ReadNode(reader) && reader.Depth > depth)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    HasElementsInTexts = true;
                    break;
                case XmlNodeType.Comment or XmlNodeType.ProcessingInstruction:
                    // No writer puts them there. Two senders can: the first opens, the second closes, and all between is gone.
                    return false;
                case not XmlNodeType.EndElement when text.Length == 0:
                    text = reader.Value;
                    break;
                case not XmlNodeType.EndElement:
                    longer ??= new StringBuilder(text);
                    longer.Append(reader.Value);
                    break;
            }

            if (reader.Depth > MaxDepth)
            {
                return false;
            }
        }

        if (builder.IsError && !fields.Has(WireField.Date) && !builder.HasMessages)
        {
            // The wording of an error, under the name of a message.
            return true;
        }

        messageDepth = depth;
        fields.Take(WireField.Message, default);
        builder.Add(fields, longer?.ToString() ?? text);
        return true;
    }

    private WireFields ReadAttributes(XmlReader reader)
    {
        var fields = new WireFields();
        var free = room.AsSpan();
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            var field = WireFields.Of(reader.LocalName);
            fields.Take(field, field == WireField.Unknown || fields.Has(field) ? default : ValueOf(reader, ref free));
        }

        reader.MoveToElement();
        return fields;
    }

    private ReadOnlySpan<byte> ValueOf(XmlReader reader, scoped ref Span<byte> free)
    {
        var length = reader.ReadValueChunk(value, 0, value.Length);
        if (length == value.Length || free.Length < length * 3)
        {
            return Encoding.UTF8.GetBytes(reader.Value);
        }

        var bytes = free[..Encoding.UTF8.GetBytes(value.AsSpan(0, length), free)];
        free = free[bytes.Length..];
        return bytes;
    }
}
