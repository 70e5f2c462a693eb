using System.Buffers;
using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>What in some bytes speaks for which charset.</summary>
/// <param name="Utf8">Bytes that continue a sequence of UTF-8, less one for a sequence that breaks off.</param>
/// <param name="Windows1251">
/// Letters of windows-1251 behind another, where neither is UTF-8. A single one is as likely to be a damaged character.
/// </param>
internal readonly record struct CharsetWeight(int Utf8, int Windows1251)
{
    /// <summary>Quotation marks behind a capital letter of windows-1251 are UTF-8 by accident. So many of them are none.</summary>
    public const int Enough = 3;

    /// <summary>Null where the bytes are too few to tell.</summary>
    public bool? LooksLikeUtf8 =>
        Windows1251 > Utf8 ? false
        : Utf8 > Windows1251 && Utf8 >= Enough ? true
        : null;

    public static CharsetWeight Of(ReadOnlySpan<byte> bytes)
    {
        int utf8 = 0, windows1251 = 0;
        var isAfterLetter = false;
        for (var next = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF); next >= 0; next = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF))
        {
            isAfterLetter &= next == 0;
            bytes = bytes[next..];
            var isValid = Utf8Damage.TryRead(bytes, out _, out var length);
            var isLetter = length == 1 && bytes[0] is >= 0xC0 or 0xA8 or 0xB8;
            utf8 += Math.Max(length - (isValid ? 1 : 2), 0);
            windows1251 += isLetter && isAfterLetter ? 1 : 0;
            isAfterLetter = isLetter;
            bytes = bytes[length..];
        }

        return new(utf8, windows1251);
    }
}

/// <summary>UTF-8 that may be damaged. Two surrogates that were written as three bytes each are the one character that they mean.</summary>
internal static class Utf8Damage
{
    /// <summary>Reads the character at the beginning.</summary>
    /// <param name="bytes">At least one byte.</param>
    /// <param name="rune">The character, or U+FFFD.</param>
    /// <param name="length">The bytes that it takes, or that the damage takes.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Rune rune, out int length)
    {
        if (Rune.DecodeFromUtf8(bytes, out rune, out length) == OperationStatus.Done)
        {
            return true;
        }

        if (IsSurrogate(bytes, out var high))
        {
            length = 3;
            if (IsSurrogate(bytes[3..], out var low) && Rune.TryCreate(high, low, out rune))
            {
                length = 6;
                return true;
            }
        }

        rune = Rune.ReplacementChar;
        return false;
    }

    private static bool IsSurrogate(ReadOnlySpan<byte> bytes, out char unit)
    {
        var isSurrogate = bytes.Length >= 3 && bytes[0] == 0xED && bytes[1] is >= 0xA0 and <= 0xBF && bytes[2] is >= 0x80 and <= 0xBF;
        unit = isSurrogate ? (char)(0xD000 | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F)) : '\0';
        return isSurrogate;
    }
}
