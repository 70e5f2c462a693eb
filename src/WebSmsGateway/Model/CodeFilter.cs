using WebSmsGateway.Model.Codes;

namespace WebSmsGateway.Model;

/// <summary>Which codes a query asks for.</summary>
/// <param name="AtLeast">The lowest confidence.</param>
/// <param name="Pattern">A pattern of the caller's own in place of the rule; null for the rule.</param>
internal sealed record CodeFilter(CodeConfidence AtLeast = CodeConfidence.Medium, CodePattern? Pattern = null)
{
    /// <summary>Every code that the rule finds.</summary>
    public static readonly CodeFilter Any = new();

    /// <summary>The words that name the filter among others.</summary>
    public string Words => Pattern is null ? $"code {AtLeast}" : $"match {Pattern.Text}";

    /// <summary>The code of a message; null if it has none that is asked for.</summary>
    public string? CodeOf(Message message) =>
        Pattern is not null ? Pattern.GroupIn(message.Text)
        : message.Code is { } code && code.Confidence <= AtLeast ? code.Value
        : null;
}
