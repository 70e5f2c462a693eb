namespace WebSmsGateway.Model.Codes;

/// <summary>Digits that could be a date, a time or a year, or are too many for a code.</summary>
internal static class Calendar
{
    public static bool CouldBe(ReadOnlySpan<char> digits) => digits.Length switch
    {
        4 => IsTime(digits) || IsDay(digits) || IsYear(digits),
        6 => IsDay(digits) || IsDay([digits[4], digits[5], digits[2], digits[3]]),
        8 => (IsDay(digits) && IsYear(digits[4..])) || (IsYear(digits) && IsDay([digits[6], digits[7], digits[4], digits[5]])),
        _ => digits.Length >= 10,
    };

    private static bool IsTime(ReadOnlySpan<char> digits) => Number(digits) < 24 && Number(digits[2..]) < 60;

    private static bool IsDay(ReadOnlySpan<char> digits) => Number(digits) is >= 1 and <= 31 && Number(digits[2..]) is >= 1 and <= 12;

    public static bool IsYear(ReadOnlySpan<char> digits) => Number(digits) is 19 or 20;

    private static int Number(ReadOnlySpan<char> two) => ((two[0] - '0') * 10) + (two[1] - '0');
}
