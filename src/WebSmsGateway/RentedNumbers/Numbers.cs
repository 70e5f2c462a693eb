using System.Diagnostics.CodeAnalysis;

namespace WebSmsGateway.RentedNumbers;

/// <summary>What a rented number looks like, and how it looks where it must not be seen.</summary>
internal static class Numbers
{
    /// <summary>The words for a number that is none.</summary>
    public const string Accepted = "a rented number is 7XXXYYYYYYY, for example 79021234567; a leading + is accepted";

    private const int Length = 11;

    /// <summary>Reads <c>7XXXYYYYYYY</c>, with or without a leading <c>+</c>, into the form without.</summary>
    public static bool TryNormalise(string? text, [NotNullWhen(true)] out string? number)
    {
        number = text is ['+', .. var digits] ? digits : text;
        if (number is ['7', ..] and { Length: Length } && number.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return true;
        }

        number = null;
        return false;
    }

    /// <summary><c>7902*****67</c>: enough to recognise one's own number in a log, too little to learn another's.</summary>
    public static string Mask(string number) =>
        number.Length < Length ? "*****" : string.Concat(number.AsSpan(0, 4), "*****", number.AsSpan(number.Length - 2));
}
