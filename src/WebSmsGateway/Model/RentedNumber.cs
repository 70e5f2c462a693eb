using System.Text.Json.Serialization;

namespace WebSmsGateway.Model;

/// <summary>A rented telephone number, digits without <c>+</c>.</summary>
[JsonConverter(typeof(TextConverter<RentedNumber>))]
internal readonly record struct RentedNumber
{
    /// <summary>The validation message for a text that is no rented number.</summary>
    public const string Accepted = "a rented number is 7XXXYYYYYYY, for example 79021234567; a leading + is accepted";

    private const int Length = 11;

    private readonly string? digits;

    private RentedNumber(string digits) => this.digits = digits;

    /// <summary><c>7902*****67</c>, for logs: an operator can recognise a known number, and an unknown one stays unknown.</summary>
    public string Masked =>
        ToString() is { Length: >= Length } whole ? string.Concat(whole.AsSpan(0, 4), "*****", whole.AsSpan(whole.Length - 2)) : "*****";

    /// <summary>Reads <c>7XXXYYYYYYY</c>, with or without a leading <c>+</c>.</summary>
    public static bool TryParse(string? text, out RentedNumber number)
    {
        var written = text is ['+', .. var rest] ? rest : text;
        var isNumber = written is ['7', ..] and { Length: Length } && written.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
        number = isNumber ? new RentedNumber(written!) : default;
        return isNumber;
    }

    /// <summary>A number as WEBSMS reports it, with any count of digits.</summary>
    public static RentedNumber Reported(string digits) => new(digits);

    public bool Equals(RentedNumber other) => string.Equals(digits, other.digits);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => digits ?? "";
}
