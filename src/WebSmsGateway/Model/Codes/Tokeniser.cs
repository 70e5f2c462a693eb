using System.Globalization;
using System.Text;

namespace WebSmsGateway.Model.Codes;

/// <summary>Cuts a text into tokens and numbers its sentences, in one pass.</summary>
internal ref struct Tokeniser(ReadOnlySpan<char> text, Span<Token> tokens)
{
    private const int LongestWord = 48;
    private const char Unpaired = '\uFFFD';
    private readonly ReadOnlySpan<char> text = text;
    private readonly Span<Token> tokens = tokens;
    private int count;
    private int sentence;
    private bool isOpen;
    private bool hasWord;

    private enum Shape
    {
        Invisible,
        Space,
        LineEnd,
        Letter,
        Ideograph,
        Digit,
        Other,
    }

    public long Steps { get; private set; }

    /// <summary>How many tokens there are: never more than characters.</summary>
    public int Run()
    {
        Span<char> folded = stackalloc char[LongestWord];
        var isGlued = false;
        var width = 0;
        for (var at = 0; at < text.Length; at += width)
        {
            var shape = ShapeAt(at, out width);
            if (shape is Shape.Space or Shape.LineEnd)
            {
                isOpen |= shape == Shape.LineEnd && !Continues();
                hasWord &= shape == Shape.Space;
                isGlued = false;
            }
            else if (shape != Shape.Invisible)
            {
                var token = shape switch
                {
                    Shape.Digit => Digits(at),
                    Shape.Letter or Shape.Ideograph => Word(at, folded),
                    _ => Mark(at, width),
                };
                hasWord |= token.Kind == TokenKind.Word;
                token.IsGlued = isGlued;
                Number(ref token);
                tokens[count++] = token;
                isGlued = true;
                width = token.End - at;
            }
        }

        return count;
    }

    private readonly Token Mark(int start, int width) => new()
    {
        Start = start,
        End = start + width,
        Kind = TokenKind.Mark,
        Mark = width == 1 ? Letters.Plain(text[start]) : Unpaired,
        Roles = CharUnicodeInfo.GetUnicodeCategory(text[start]) == UnicodeCategory.CurrencySymbol ? Roles.Currency : Roles.None,
    };

    private Token Digits(int start)
    {
        var token = new Token { Start = start, Kind = TokenKind.Digits };
        var width = 0;
        for (var at = start; at < text.Length; at += width)
        {
            var shape = ShapeAt(at, out width);
            if (shape == Shape.Digit)
            {
                token.Count++;
                token.End = at + width;
            }
            else if (shape != Shape.Invisible)
            {
                break;
            }
        }

        return token;
    }

    private Token Word(int start, scoped Span<char> folded)
    {
        var token = new Token { Start = start, Kind = TokenKind.Word, IsLatin = true, IsCapital = char.IsUpper(text[start]) };
        var width = 0;
        for (var at = start; at < text.Length; at += width)
        {
            var shape = ShapeAt(at, out width);
            if (shape is Shape.Letter || (shape == Shape.Ideograph && token.Count == 0))
            {
                if (token.Count < folded.Length)
                {
                    folded[token.Count] = width == 1 ? Letters.Fold(text[at]) : Unpaired;
                }

                token.Count++;
                token.End = at + width;
                token.IsLatin &= char.IsAsciiLetter(text[at]);
                if (shape == Shape.Ideograph)
                {
                    break;
                }
            }
            else if (IsApostrophe(text[at]))
            {
                token.End = at + width;
            }
            else if (shape != Shape.Invisible)
            {
                break;
            }
        }

        var known = folded[..Math.Min(token.Count, folded.Length)];
        token.Roles = Lexicon.RolesOf(known);
        var isCut = token.Is(Roles.Purpose) || token.Count <= (token.Roles == Roles.None ? 2 : 5);
        token.IsAbbreviation = isCut && !"aeiouyаеиоуыэюя".Contains(known[^1]);
        return token;
    }

    /// <summary>Gives a token the number of its sentence.</summary>
    private void Number(ref Token token)
    {
        var isDot = token.IsMark('.');
        if (token.IsOneOf("!?;…"))
        {
            isOpen = true;
        }
        else if (!isDot && token.Kind != TokenKind.Mark && (isOpen || EndsWithDot(token)))
        {
            sentence++;
            isOpen = false;
        }

        token.Sentence = sentence;
    }

    /// <summary>Whether the full stop before a token ends a sentence, and not only an abbreviation, a domain or a decimal.</summary>
    private bool EndsWithDot(in Token next)
    {
        var dot = count - 1;
        while (dot >= 0 && tokens[dot].Kind == TokenKind.Mark && !tokens[dot].IsMark('.'))
        {
            Steps++;
            dot--;
        }

        if (dot < 1 || !tokens[dot].IsMark('.'))
        {
            return false;
        }

        ref readonly var before = ref tokens[dot - 1];
        var isInitial = before.Kind == TokenKind.Word && before.Count == 1 && !before.Is(Roles.Currency);
        return next.IsCapital ? !isInitial : !next.IsGlued && !before.IsAbbreviation;
    }

    /// <summary>Whether a line is only wrapped: what it ends with wants to be followed, or it is a number alone.</summary>
    private readonly bool Continues() =>
        !hasWord || (count > 0 && (tokens[count - 1].Is(Roles.Noun | Roles.Purpose) || tokens[count - 1].IsOneOf(":=-–—,(")));

    private Shape ShapeAt(int at, out int width)
    {
        Steps++;
        var unit = text[at];
        width = 1;
        if (unit < 0x80)
        {
            return char.IsAsciiLetter(unit) ? Shape.Letter
                : char.IsAsciiDigit(unit) ? Shape.Digit
                : unit is '\n' or '\r' ? Shape.LineEnd
                : unit <= ' ' ? Shape.Space : Shape.Other;
        }

        if (unit is >= 'Ѐ' and <= 'ҁ')
        {
            return Shape.Letter;
        }

        if (Letters.IsInvisible(unit) || unit is 'ʻ' or 'ʼ' or 'ʹ')
        {
            return Shape.Invisible;
        }

        if (unit is >= '\u3400' and <= '\u9FFF')
        {
            return Shape.Ideograph;
        }

        if (!char.IsSurrogate(unit))
        {
            return OfCategory(CharUnicodeInfo.GetUnicodeCategory(unit));
        }

        if (Rune.DecodeFromUtf16(text[at..], out var rune, out width) != System.Buffers.OperationStatus.Done)
        {
            return Shape.Other;
        }

        return OfCategory(Rune.GetUnicodeCategory(rune));
    }

    private static Shape OfCategory(UnicodeCategory category) => category switch
    {
        UnicodeCategory.DecimalDigitNumber => Shape.Digit,
        <= UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => Shape.Letter,
        UnicodeCategory.SpaceSeparator => Shape.Space,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Shape.LineEnd,
        _ => Shape.Other,
    };

    // What stands for a soft sign, a palatal o or an elision: parol', so`m, l’accès.
    private static bool IsApostrophe(char unit) => unit is '\'' or '’' or '‘' or '`' or '´';
}
