namespace WebSmsGateway.Codes;

/// <summary>Takes the nouns out that name no one-time code: promo codes, QR codes, codes of doors and terminals, PINs of cards.</summary>
internal ref struct Nouns(Span<Token> tokens)
{
    private readonly Span<Token> tokens = tokens;
    private Roles text;

    public long Steps { get; private set; }

    public void Settle()
    {
        Surroundings();
        var hasMoney = false;
        for (var i = 0; i < tokens.Length; i++)
        {
            Steps++;
            hasMoney |= tokens[i].Is(Roles.Currency);
            if (tokens[i].Is(Roles.Noun) && (IsOfAnotherKind(i) || IsPinOfCard(i) || IsApprovalOfPayment(i, hasMoney) || IsDiscount(i)))
            {
                tokens[i].Roles &= ~Roles.Noun;
            }
        }
    }

    /// <summary>Gives each token the roles of its sentence.</summary>
    private void Surroundings()
    {
        for (var start = 0; start < tokens.Length;)
        {
            var (end, around) = (start, Roles.None);
            for (; end < tokens.Length && tokens[end].Sentence == tokens[start].Sentence; end++)
            {
                around |= tokens[end].Roles;
            }

            foreach (ref var token in tokens[start..end])
            {
                token.Around = around;
            }

            Steps += end - start;
            text |= around;
            start = end;
        }
    }

    /// <summary>The roles of the word before, over a hyphen or colon; none where another mark stands between.</summary>
    private readonly Roles Before(int i)
    {
        var word = i - 1;
        word -= word > 0 && tokens[word].IsOneOf("-‑:") ? 1 : 0;
        return word >= 0 && tokens[word].Kind == TokenKind.Word && tokens[word].Sentence == tokens[i].Sentence ? tokens[word].Roles : Roles.None;
    }

    /// <summary>The roles of the word behind, over a hyphen and one preposition.</summary>
    private readonly Roles Behind(int i)
    {
        var word = i + 1;
        word += word < tokens.Length && tokens[word].IsOneOf("-‑") && tokens[word].IsGlued ? 1 : 0;
        word += word < tokens.Length && tokens[word].Is(Roles.Link) && !tokens[word].Is(Roles.Assign) ? 1 : 0;
        return word < tokens.Length && tokens[word].Kind == TokenKind.Word && tokens[word].Sentence == tokens[i].Sentence ? tokens[word].Roles : Roles.None;
    }

    private readonly bool IsOfAnotherKind(int i) => ((Before(i) | Behind(i)) & Roles.Other) != 0;

    private readonly bool IsPinOfCard(int i)
    {
        var isPin = tokens[i].Is(Roles.Pin) || (Before(i) & Roles.Pin) != 0;
        return isPin && ((tokens[i].Around & Roles.Card) != 0 || ((text & Roles.Card) != 0 && (tokens[i].Around & Roles.Purpose) == 0));
    }

    /// <summary>In the report of a payment the code of authorisation is a reference, unless the text asks for it or keeps it secret.</summary>
    private readonly bool IsApprovalOfPayment(int i, bool hasMoney) =>
        ((Before(i) | Behind(i)) & Roles.Approval) != 0
        && (hasMoney || (text & Roles.Report) != 0)
        && (text & (Roles.Forbid | Roles.Verb)) == 0;

    private readonly bool IsDiscount(int i) =>
        (text & Roles.Promo) != 0
        && (tokens[i].Around & Roles.Forbid) == 0
        && ((Before(i) | Behind(i)) & (Roles.Purpose | Roles.Confirm)) == 0;
}
