namespace WebSmsGateway.Model.Codes;

/// <summary>What stands around a token.</summary>
internal static class TokenNeighbours
{
    /// <summary>
    /// Whether digits are a part of a run of letters and digits, and the one letter behind them is no unit: A7B3P, 4P9. A word that the
    /// lexicon knows begins no such run.
    /// </summary>
    public static bool IsAmidLetters(this ReadOnlySpan<Token> tokens, int digits)
    {
        var isBehindLetters = digits > 0 && tokens[digits].IsGlued && tokens[digits - 1].Kind == TokenKind.Word
            && (tokens[digits - 1].Roles == Roles.None || tokens[digits - 1].Count == 1);
        var rest = tokens[(digits + 1)..];
        return isBehindLetters || (rest.Length > 1 && rest[0].IsGlued && rest[1].IsGlued && rest[1].Kind == TokenKind.Digits);
    }

    /// <summary>Whether a colon, a dash or "is" stands right before a token, over opening quotes and brackets.</summary>
    public static bool IsAssigned(this ReadOnlySpan<Token> tokens, int token)
    {
        var i = token - 1;
        while (i >= 0 && tokens[i].IsOneOf("«\"“„'([<*"))
        {
            i--;
        }

        return i >= 0 && (tokens[i].IsConnector || tokens[i].IsOneOf("→>"));
    }

    /// <summary>Whether nothing but marks stands before a token in its sentence.</summary>
    public static bool BeginsSentence(this ReadOnlySpan<Token> tokens, int token)
    {
        var i = token - 1;
        while (i >= 0 && tokens[i].Kind == TokenKind.Mark && tokens[i].Sentence == tokens[token].Sentence && !tokens[i].IsMark(','))
        {
            i--;
        }

        return i < 0 || tokens[i].Sentence != tokens[token].Sentence;
    }

    /// <summary>"Код из СМС": the code is elsewhere.</summary>
    public static bool IsMention(this ReadOnlySpan<Token> tokens, int noun) =>
        noun + 1 < tokens.Length && tokens[noun + 1].Is(Roles.Mention);

    /// <summary>The roles of the word before, over a hyphen and one digit (PIN1-код); none where another mark stands between.</summary>
    public static Roles RolesBefore(this ReadOnlySpan<Token> tokens, int token)
    {
        var i = token - 1;
        i -= i > 0 && tokens[i].IsHyphen ? 1 : 0;
        i -= i > 0 && tokens[i].Kind == TokenKind.Digits && tokens[i].Count == 1 && tokens[i].IsGlued ? 1 : 0;
        return tokens.RolesIn(i, tokens[token].Sentence);
    }

    /// <summary>The roles of the word behind, over a hyphen and one preposition.</summary>
    public static Roles RolesBehind(this ReadOnlySpan<Token> tokens, int token)
    {
        var i = token + 1;
        i += i < tokens.Length && tokens[i].IsHyphen && tokens[i].IsGlued ? 1 : 0;
        i += i < tokens.Length && tokens[i].Is(Roles.Link) && !tokens[i].Is(Roles.Assign) ? 1 : 0;
        return tokens.RolesIn(i, tokens[token].Sentence);
    }

    private static Roles RolesIn(this ReadOnlySpan<Token> tokens, int word, int sentence) =>
        word >= 0 && word < tokens.Length && tokens[word].Kind == TokenKind.Word && tokens[word].Sentence == sentence
            ? tokens[word].Roles
            : Roles.None;
}
