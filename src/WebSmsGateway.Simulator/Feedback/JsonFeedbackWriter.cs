using System.Globalization;
using System.Text;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>JSON: an array of objects; an error is an object whose first key is malformed, as in the vendor's document.</summary>
internal sealed class JsonFeedbackWriter(FormatVariant variant) : FeedbackWriter(variant)
{
    private readonly string newLine = variant.SingleLine ? "" : variant.LineEnd == Behaviour.LineEnd.CrLf ? "\r\n" : "\n";
    private readonly string comma = variant.SingleLine ? "," : ", ";

    public override string MediaType => "application/json";

    protected override DateField DocumentedDateField => DateField.SmsDate;

    protected override bool DocumentedTwoDigitHours => false;

    public override void Begin(StringBuilder text) => text.Append('[');

    public override void Record(StringBuilder text, StoredMessage message, int position)
    {
        text.Append(position == 1 ? "" : comma).Append(newLine).Append('{');
        Member(text, DateName, Date(message), isFirst: true);
        Member(text, Name("rentnum"), message.RentedNumber);
        Member(text, Name("telnum"), TelNum(message));
        if (!LeavesTextOut(message))
        {
            Member(text, Name("message"), message.Text);
        }

        text.Append('}');
    }

    public override void End(StringBuilder text) => text.Append(']').Append(newLine);

    public override void Error(StringBuilder text, FeedbackError error)
    {
        text.Append('{');
        var number = error.Number.ToString(CultureInfo.InvariantCulture);
        Member(text, Name(Variant.ErrorKey ?? (Variant.VerdictOnWrapper ? "error_num" : "error error_num")), number, isFirst: true);
        Member(text, Name("error_message"), error.EchoedMessage);
        Member(text, Name("sender_ip"), error.SenderAddress);
        Member(text, Name("telnum"), error.TelNum);
        Member(text, Name("rentnum"), error.RentNum);
        Member(text, Name("startdate"), error.Start);
        Member(text, Name("enddate"), error.End);
        text.Append('}').Append(newLine);
    }

    private void Member(StringBuilder text, string name, string value, bool isFirst = false)
    {
        text.Append(isFirst ? "" : comma).Append('"').Append(name).Append("\":\"");
        if (Variant.Unescaped)
        {
            text.Append(value);
        }
        else
        {
            Escaped(text, value);
        }

        text.Append('"');
    }

    private static void Escaped(StringBuilder text, string value)
    {
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }
    }
}
