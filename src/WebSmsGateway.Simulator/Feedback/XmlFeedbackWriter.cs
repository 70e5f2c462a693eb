using System.Globalization;
using System.Text;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>XML: <c>&lt;message&gt;</c> elements inside <c>&lt;XML&gt;</c>. An XML writer would refuse the malformed variants.</summary>
internal sealed class XmlFeedbackWriter(FormatVariant variant, CharsetVariant charset) : FeedbackWriter(variant)
{
    private readonly string newLine = variant.SingleLine ? "" : variant.LineEnd == Behaviour.LineEnd.CrLf ? "\r\n" : "\n";
    private readonly string space = variant.NoBreakSpaces ? "\u00A0 " : " ";

    public override string MediaType => "text/xml";

    protected override DateField DocumentedDateField => DateField.InDate;

    protected override bool DocumentedPlus => true;

    public override void Begin(StringBuilder text)
    {
        Declaration(text);
        var verdict = Variant.VerdictOnWrapper ? " " + Name("error_num") + "=\"0\"" : "";
        text.Append('<').Append(Name("XML")).Append(Variant.HttpOut ? "" : verdict).Append('>').Append(newLine);
        if (Variant.HttpOut)
        {
            text.Append('<').Append(Name("httpOut")).Append(verdict).Append('>').Append(newLine);
        }
    }

    public override void Record(StringBuilder text, StoredMessage message, int position)
    {
        text.Append('<').Append(Name("message"));
        Attribute(text, DateName, Date(message), spaceBeforeEquals: Variant.SpaceBeforeEquals ?? false);
        Attribute(text, Name("rentnum"), message.RentedNumber, spaceBeforeEquals: Variant.SpaceBeforeEquals ?? true);
        Attribute(text, Name("telnum"), TelNum(message), spaceBeforeEquals: Variant.SpaceBeforeEquals ?? false);
        if (LeavesTextOut(message))
        {
            text.Append("/>").Append(newLine);
            return;
        }

        text.Append('>');
        Escaped(text, message.Text);
        text.Append("</").Append(Name("message")).Append('>').Append(newLine);
    }

    public override void End(StringBuilder text)
    {
        if (Variant.HttpOut)
        {
            text.Append("</").Append(Name("httpOut")).Append('>').Append(newLine);
        }

        text.Append("</").Append(Name("XML")).Append('>').Append(newLine);
    }

    public override void Error(StringBuilder text, FeedbackError error)
    {
        Declaration(text);
        var root = Name("XML");
        var onRoot = Variant.VerdictOnWrapper && !Variant.HttpOut;
        text.Append('<').Append(root);
        if (!onRoot)
        {
            text.Append("><").Append(Variant.VerdictOnWrapper ? Name("httpOut") : Name("error"));
        }

        Attribute(text, Name("error_num"), error.Number.ToString(CultureInfo.InvariantCulture));
        Attribute(text, Name("error_message"), error.EchoedMessage);
        Attribute(text, Name("sender_ip"), error.SenderAddress);
        Attribute(text, Name("telnum"), error.TelNum);
        Attribute(text, Name("rentnum"), error.RentNum);
        Attribute(text, Name("startdate"), error.Start);
        Attribute(text, Name("enddate"), error.End);
        text.Append(onRoot ? ">" : "/>").Append("</").Append(root).Append('>').Append(newLine);
    }

    private void Declaration(StringBuilder text)
    {
        if (charset.XmlDeclaration)
        {
            var name = AnswerCharset.DeclaredName(charset);
            text.Append("<?xml version=\"1.0\"").Append(name.Length == 0 ? "" : $" encoding=\"{name}\"").Append("?>").Append(newLine);
        }
    }

    private void Attribute(StringBuilder text, string name, string value, bool spaceBeforeEquals = false)
    {
        text.Append(space).Append(name).Append(spaceBeforeEquals ? " =\"" : "=\"");
        Escaped(text, value, isAttribute: true);
        text.Append('"');
    }

    private void Escaped(StringBuilder text, string value, bool isAttribute = false)
    {
        if (Variant.Unescaped)
        {
            text.Append(value);
            return;
        }

        foreach (var character in value)
        {
            _ = character switch
            {
                '&' => text.Append("&amp;"),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '"' => text.Append("&quot;"),
                '\r' => text.Append("&#13;"),
                '\n' or '\t' when isAttribute => text.Append(CultureInfo.InvariantCulture, $"&#{(int)character};"),
                '\n' or '\t' => text.Append(character),
                < ' ' or '\uFFFE' or '\uFFFF' => text.Append('?'), // XML 1.0 cannot represent these
                _ => text.Append(character),
            };
        }
    }
}
