using System.Globalization;
using System.Text;

namespace WebSmsGateway.Model.Codes;

/// <summary>What a person would type: digits of any script as ASCII, letters as they stand, nothing else.</summary>
internal static class CodeValue
{
    /// <summary>Writes the value of tokens; what no longer fits is left out.</summary>
    public static int Write(ReadOnlySpan<char> text, ReadOnlySpan<Token> tokens, Span<char> value)
    {
        var length = 0;
        foreach (ref readonly var token in tokens)
        {
            if (token.Kind == TokenKind.Mark)
            {
                continue;
            }

            foreach (var rune in text[token.Start..token.End].EnumerateRunes())
            {
                var isDigit = Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;
                var typed = isDigit ? (char)('0' + (int)Rune.GetNumericValue(rune))
                    : token.Kind == TokenKind.Word && rune.IsAscii && Rune.IsLetter(rune) ? (char)rune.Value : '\0';
                if (typed != '\0' && length < value.Length)
                {
                    value[length++] = typed;
                }
            }
        }

        return length;
    }
}
