namespace WebSmsGateway.Model.Codes;

internal enum TokenKind : byte
{
    Word,
    Digits,
    Mark,
}

/// <summary>A run of letters, a run of digits, or one other character. White space and invisible signs are no tokens.</summary>
internal struct Token
{
    public int Start;

    /// <summary>Behind the last character.</summary>
    public int End;

    /// <summary>Number of its sentence.</summary>
    public int Sentence;

    /// <summary>What the lexicon says of a word.</summary>
    public Roles Roles;

    /// <summary>The roles of all words of its sentence.</summary>
    public Roles Around;

    /// <summary>Letters or digits of it.</summary>
    public int Count;

    public TokenKind Kind;

    /// <summary>The character, of a mark.</summary>
    public char Mark;

    /// <summary>No white space before it.</summary>
    public bool IsGlued;

    /// <summary>It begins with a capital.</summary>
    public bool IsCapital;

    /// <summary>It is short and ends in a consonant, as words do that a full stop cuts: тел., авт., подтв.</summary>
    public bool IsAbbreviation;

    /// <summary>All of it is ASCII letters.</summary>
    public bool IsLatin;

    /// <summary>It is vetoed, whatever stands around it.</summary>
    public bool IsExcluded;

    /// <summary>A prohibition stands before it in its sentence.</summary>
    public bool IsForbidden;

    /// <summary>Its sentence is a question.</summary>
    public bool IsAsked;

    /// <summary>Of a noun: the candidate that it binds directly, counted from one.</summary>
    public int Owned;

    public readonly bool IsHyphen => IsOneOf("-‑");

    /// <summary>A colon, a dash, or "is".</summary>
    public readonly bool IsConnector => IsOneOf(":=-–—−‑") || Is(Roles.Assign);

    public readonly bool Is(Roles roles) => (Roles & roles) != 0;

    public readonly bool IsMark(char mark) => Kind == TokenKind.Mark && Mark == mark;

    public readonly bool IsOneOf(ReadOnlySpan<char> marks) => Kind == TokenKind.Mark && marks.Contains(Mark);
}
