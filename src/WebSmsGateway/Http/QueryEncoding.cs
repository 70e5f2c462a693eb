using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;

namespace WebSmsGateway.Http;

/// <summary>
/// Finds parameters whose percent-encoding is damaged or stands for other bytes than UTF-8. The framework takes such a value as it is
/// written, so a search for <c>%EA%EE%E4</c> would find nothing and say nothing.
/// </summary>
internal static class QueryEncoding
{
    private const string NotEncoded = "has a % without two hexadecimal digits behind it; write % itself as %25";
    private const string Escape = "has %u, which is no percent-encoding of URLs; write the bytes of UTF-8, for example %D0%BA for к";
    private const string NotUtf8 =
        "is not UTF-8, but perhaps windows-1251; write the bytes of UTF-8, for example %D0%BA%D0%BE%D0%B4 for код";

    /// <summary>The names of the parameters with a fault, as they are decoded, and what is right.</summary>
    public static IEnumerable<(string Name, string Fault)> FaultsOf(QueryString query)
    {
        if (query.Value is not { } text || !text.Contains('%', StringComparison.Ordinal))
        {
            yield break;
        }

        foreach (var parameter in new QueryStringEnumerable(text))
        {
            if ((FaultOf(parameter.EncodedName.Span) ?? FaultOf(parameter.EncodedValue.Span)) is { } fault)
            {
                yield return (parameter.DecodeName().ToString(), fault);
            }
        }
    }

    /// <summary>What is wrong with an encoded text, and what is right; null if nothing is wrong.</summary>
    public static string? FaultOf(ReadOnlySpan<char> encoded)
    {
        var bytes = new byte[encoded.Length];
        var count = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                // Other signs are ASCII and cannot break a sequence of UTF-8 without being seen.
                bytes[count++] = char.IsAscii(encoded[i]) ? (byte)encoded[i] : (byte)'?';
                continue;
            }

            if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[i + 1]) || !char.IsAsciiHexDigit(encoded[i + 2]))
            {
                return i + 1 < encoded.Length && encoded[i + 1] is 'u' or 'U' ? Escape : NotEncoded;
            }

            bytes[count++] = (byte)((Digit(encoded[i + 1]) << 4) | Digit(encoded[i + 2]));
            i += 2;
        }

        return Utf8.IsValid(bytes.AsSpan(0, count)) ? null : NotUtf8;
    }

    private static int Digit(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
