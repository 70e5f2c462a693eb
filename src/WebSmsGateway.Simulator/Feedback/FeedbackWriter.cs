using System.Globalization;
using System.Text;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>Writes an answer in one format, with the configured variants.</summary>
internal abstract class FeedbackWriter(FormatVariant variant)
{
    public abstract string MediaType { get; }

    public string Before { get; } = variant.Before ?? "";

    public string Behind { get; } = variant.Behind ?? "";

    protected FormatVariant Variant { get; } = variant;

    protected string LineEnd { get; } = variant.LineEnd == Behaviour.LineEnd.CrLf ? "\r\n" : "\n";

    protected abstract DateField DocumentedDateField { get; }

    protected virtual bool DocumentedPlus => false;

    protected virtual bool DocumentedTwoDigitHours => true;

    public static FeedbackWriter Create(AnswerFormat format, SimulatorBehaviour behaviour) => format switch
    {
        AnswerFormat.Json => new JsonFeedbackWriter(behaviour.Format),
        AnswerFormat.Xml => new XmlFeedbackWriter(behaviour.Format, behaviour.Charset),
        _ => new TxtFeedbackWriter(behaviour.Format),
    };

    public abstract void Begin(StringBuilder text);

    /// <summary>Writes a record; positions count from 1.</summary>
    public abstract void Record(StringBuilder text, StoredMessage message, int position);

    public abstract void End(StringBuilder text);

    public abstract void Error(StringBuilder text, FeedbackError error);

    protected string Name(string name) => Variant.Names switch
    {
        NameCase.Upper => name.ToUpperInvariant(),
        NameCase.Lower => name.ToLowerInvariant(),
        _ => name,
    };

    protected string DateName => Name((Variant.DateField ?? DocumentedDateField) == DateField.InDate ? "in_date" : "sms_date");

    protected string Date(StoredMessage message) => message.LocalTime.ToString(
        Variant.TwoDigitHours ?? DocumentedTwoDigitHours ? "dd.MM.yyyy HH:mm:ss" : "dd.MM.yyyy H:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The sender. Only a full number has a <c>+</c>; short codes and names have none.</summary>
    protected string TelNum(StoredMessage message) =>
        (Variant.Plus ?? DocumentedPlus) && message.Sender.Length > 6 && message.Sender.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0
            ? "+" + message.Sender
            : message.Sender;

    protected bool LeavesTextOut(StoredMessage message) => message.Text.Length == 0 && Variant.EmptyText == EmptyText.Missing;
}
