using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Wall-clock times as WEBSMS writes them: <c>dd.MM.yyyy H:mm:ss</c>. Day, month and hour come with or without a leading zero;
/// a missing time is midnight, missing seconds are zero. The calendar is strict: the 31st of February is no date.
/// </summary>
internal static class WireDates
{
    public static bool TryRead(ReadOnlySpan<byte> text, out DateTime date)
    {
        date = default;
        text = text[Ascii.Trim(text)];
        if (!TryTakeNumber(ref text, 1, 2, out var day) || !TryTake(ref text, (byte)'.')
            || !TryTakeNumber(ref text, 1, 2, out var month) || !TryTake(ref text, (byte)'.')
            || !TryTakeNumber(ref text, 4, 4, out var year)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        int hour = 0, minute = 0, second = 0;
        if (!text.IsEmpty)
        {
            var time = text[Ascii.TrimStart(text)];
            if (time.Length == text.Length
                || !TryTakeNumber(ref time, 1, 2, out hour) || !TryTake(ref time, (byte)':')
                || !TryTakeNumber(ref time, 2, 2, out minute)
                || (!time.IsEmpty && !(TryTake(ref time, (byte)':') && TryTakeNumber(ref time, 2, 2, out second)))
                || !time.IsEmpty || hour > 23 || minute > 59 || second > 59)
            {
                return false;
            }
        }

        date = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.IsEmpty || text[0] != expected)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<byte> text, int shortest, int longest, out int number)
    {
        number = 0;
        var length = 0;
        while (length < longest && length < text.Length && char.IsAsciiDigit((char)text[length]))
        {
            number = number * 10 + text[length++] - '0';
        }

        text = text[length..];
        return length >= shortest;
    }
}
