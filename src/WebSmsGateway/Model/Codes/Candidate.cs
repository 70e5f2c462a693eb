namespace WebSmsGateway.Model.Codes;

/// <summary>Tokens that could be typed as a code.</summary>
internal struct Candidate
{
    public int First;
    public int Last;

    /// <summary>Digits and letters of the value.</summary>
    public int Count;

    public bool HasLetters;

    /// <summary>A word with a number behind it (SALE20), more likely a name than a code.</summary>
    public bool IsNameLike;

    /// <summary>Too short, too long or in unusual groups: a code only directly behind a noun.</summary>
    public bool IsUnusual;

    /// <summary>It could be a date, a time or a year, or has ten digits and more.</summary>
    public bool IsDateLike;

    public bool IsYear;

    /// <summary>A unit, or a preposition of time, makes it a quantity, a time or a year.</summary>
    public bool IsMeasure;

    /// <summary>It stands behind a word for orders, accounts or telephones that says what the code is for.</summary>
    public bool IsLabelled;

    public Strength Strength;

    /// <summary>What no keyword of its own binds may not look like a date, a time or a name.</summary>
    public readonly bool IsLoose => HasLetters || IsUnusual || IsDateLike || IsMeasure || IsLabelled;

    public void Raise(Strength strength) => Strength = strength > Strength ? strength : Strength;
}

/// <summary>How a candidate is bound, the weakest first.</summary>
internal enum Strength
{
    None,

    /// <summary>Nothing binds it but a prohibition, a pronoun or a purpose near it.</summary>
    Supported,

    /// <summary>By a noun in the sentence before.</summary>
    NextSentence,

    /// <summary>By a noun or a verb in its own sentence, with other words between.</summary>
    SameSentence,

    /// <summary>By a noun right beside it, or with a colon or dash between.</summary>
    Direct,
}
