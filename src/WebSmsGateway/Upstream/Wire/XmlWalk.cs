using System.Text;
using System.Xml;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>One pass over well-formed XML.</summary>
internal sealed class XmlWalk(WireDocumentBuilder builder)
{
    private const int LongestShortField = 256;

    private readonly char[] value = new char[LongestShortField];
    private readonly byte[] dateBytes = new byte[LongestShortField * 3];
    private readonly byte[] rentNumBytes = new byte[LongestShortField * 3];
    private readonly byte[] telNumBytes = new byte[LongestShortField * 3];
    private readonly byte[] otherBytes = new byte[LongestShortField * 3];
    private int messageDepth = -1;
    private bool hasStrangeContent;
    private WireField openElement;

    public bool IsWhole { get; private set; }

    public bool HasElementsInTexts { get; private set; }

    /// <returns>False where the structure shows that a text broke out of its message.</returns>
    public bool TryRead(XmlReader reader, int maxDepth)
    {
        var isOfProtocol = false;
        while (reader.Read())
        {
            if (reader.Depth > maxDepth)
            {
                return false;
            }

            switch (reader.NodeType)
            {
                case XmlNodeType.Element when IsMessage(reader):
                    IsWhole = reader.Depth > 0;
                    if (!TryReadMessage(reader, maxDepth))
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
        var text = Encoding.UTF8.GetBytes(reader.Value);
        if (openElement == WireField.ErrorNumber)
        {
            builder.AddVerdict(text, default);
        }
        else if (openElement == WireField.ErrorMessage && !builder.IsError)
        {
            builder.AddVerdict(default, text);
        }
    }

    private bool TryReadMessage(XmlReader reader, int maxDepth)
    {
        var depth = reader.Depth;
        var isEmpty = reader.IsEmptyElement;
        var fields = ReadAttributes(reader);
        var text = "";
        if (!isEmpty)
        {
            while (reader.Read() && reader.Depth > depth)
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        HasElementsInTexts = true;
                        break;
                    case XmlNodeType.Comment or XmlNodeType.ProcessingInstruction:
                        // No writer puts them there. Two senders can: the first opens, the second closes, and all between is gone.
                        return false;
                    case not XmlNodeType.EndElement:
                        text = text.Length == 0 || HasElementsInTexts ? reader.Value : text + reader.Value;
                        break;
                }

                if (reader.Depth > maxDepth)
                {
                    return false;
                }
            }
        }

        if (builder.IsError && !fields.Has(WireField.Date) && !builder.HasMessages)
        {
            // The wording of an error, under the name of a message.
            return true;
        }

        messageDepth = depth;
        fields.Mark(WireField.Message);
        builder.Add(fields, text);
        return true;
    }

    private WireFields ReadAttributes(XmlReader reader)
    {
        var fields = new WireFields();
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            var field = WireFields.Of(reader.LocalName);
            var bytes = field switch
            {
                WireField.Date => dateBytes,
                WireField.RentNum => rentNumBytes,
                WireField.TelNum => telNumBytes,
                WireField.ErrorNumber => otherBytes,
                _ => null,
            };
            if (bytes is not null)
            {
                fields.Take(field, ValueOf(reader, bytes));
            }
            else
            {
                fields.Take(field, field == WireField.ErrorMessage ? Encoding.UTF8.GetBytes(reader.Value) : default);
            }
        }

        reader.MoveToElement();
        return fields;
    }

    private ReadOnlySpan<byte> ValueOf(XmlReader reader, byte[] bytes)
    {
        var length = reader.ReadValueChunk(value, 0, value.Length);
        return length < value.Length
            ? bytes.AsSpan(0, Encoding.UTF8.GetBytes(value, 0, length, bytes, 0))
            : Encoding.UTF8.GetBytes(reader.Value);
    }
}
