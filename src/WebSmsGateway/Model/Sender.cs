using System.Text.Json.Serialization;

namespace WebSmsGateway.Model;

/// <summary>
/// The sender of an SMS: digits without <c>+</c> for a number, otherwise the name or short code as received. Letter case does not matter.
/// </summary>
[JsonConverter(typeof(TextConverter<Sender>))]
internal readonly struct Sender : IEquatable<Sender>
{
    /// <summary>The validation message for a text that is no sender.</summary>
    public const string Accepted = "write a number or a name of 1 to 64 characters, for example 79161234567 or Sberbank";

    private const int MaxLength = 64;

    private readonly string? text;

    private Sender(string text) => this.text = text;

    /// <summary>Reads a number, with or without <c>+</c>, or a name.</summary>
    public static bool TryParse(string text, out Sender sender)
    {
        text = text.Trim();
        sender = Reported(text);
        return text.Length is >= 1 and <= MaxLength;
    }

    public static Sender Reported(string text) =>
        new(text.Length > 1 && text[0] == '+' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0 ? text[1..] : text);

    public bool Equals(Sender other) => string.Equals(text, other.text, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => obj is Sender other && Equals(other);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(ToString());

    public override string ToString() => text ?? "";
}
