using System.Globalization;
using System.Text;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>TXT: blocks of <c>name=value</c> lines. The format has no escaping.</summary>
internal sealed class TxtFeedbackWriter(FormatVariant variant) : FeedbackWriter(variant)
{
    public override string MediaType => "text/plain";

    protected override DateField DocumentedDateField => DateField.InDate;

    public override void Begin(StringBuilder text)
    {
        if (Variant.VerdictOnWrapper)
        {
            Section(text);
            Line(text, "error_num", "0");
        }
    }

    public override void Record(StringBuilder text, StoredMessage message, int position)
    {
        text.Append(CultureInfo.InvariantCulture, $"[{position}]");
        EndLine(text);
        Line(text, DateName, Date(message));
        Line(text, Name("rentnum"), message.RentedNumber);
        text.Append(Name("telnum")).Append('=').Append(TelNum(message));
        if (!Variant.Glued || LeavesTextOut(message))
        {
            EndLine(text);
        }

        if (!LeavesTextOut(message))
        {
            text.Append(Name("message")).Append('=').Append(message.Text).Append(LineEnd);
        }
    }

    public override void End(StringBuilder text)
    {
    }

    public override void Error(StringBuilder text, FeedbackError error)
    {
        Section(text);
        Line(text, "error_num", error.Number.ToString(CultureInfo.InvariantCulture));
        Line(text, "error_message", error.Message);
    }

    private void Section(StringBuilder text)
    {
        if (Variant.VerdictSection is { } section)
        {
            text.Append('[').Append(section).Append(']');
            EndLine(text);
        }
    }

    private void Line(StringBuilder text, string name, string value)
    {
        text.Append(Name(name)).Append('=').Append(value);
        EndLine(text);
    }

    private void EndLine(StringBuilder text)
    {
        text.Append(LineEnd);
        if (Variant.BlankLines)
        {
            text.Append(LineEnd);
        }
    }
}
