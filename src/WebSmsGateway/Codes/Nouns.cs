namespace WebSmsGateway.Codes;

/// <summary>Takes the nouns out that name no one-time code: promo codes, QR codes, codes of doors and terminals, PINs of cards.</summary>
internal ref struct Nouns(Span<Token> tokens)
{
    private readonly Span<Token> tokens = tokens;
    /// <summary>The roles of all words of the text.</summary>
    public Roles Text { get; private set; }

    public long Steps { get; private set; }

    public void Settle()
    {
        Surroundings();
        var hasMoney = false;
        for (var i = 0; i < tokens.Length; i++)
        {
            Steps++;
            hasMoney |= tokens[i].Is(Roles.Currency);
            if (tokens[i].Is(Roles.Noun) && (IsOfAnotherKind(i) || IsPinOfCard(i) || IsApprovalOfPayment(i, hasMoney) || (!HasPurpose(i) && IsOfContext(i))))
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
            var (end, around, before) = (start, Roles.None, Roles.None);
            for (; end < tokens.Length && tokens[end].Sentence == tokens[start].Sentence; end++)
            {
                around |= tokens[end].Roles;
            }

            foreach (ref var token in tokens[start..end])
            {
                token.Around = around;
                token.IsForbidden = (before & Roles.Forbid) != 0;
                before |= token.Roles;
            }

            Steps += end - start;
            Text |= around;
            start = end;
        }
    }

    /// <summary>The roles of the word before, over a hyphen and one digit (PIN1); none where another mark stands between.</summary>
    private readonly Roles Before(int i)
    {
        var word = i - 1;
        word -= word > 0 && tokens[word].IsOneOf("-‑") ? 1 : 0;
        word -= word > 0 && tokens[word].Kind == TokenKind.Digits && tokens[word].Count == 1 && tokens[word].IsGlued ? 1 : 0;
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

    private readonly bool HasPurpose(int i) => ((Before(i) | Behind(i)) & Roles.Purpose) != 0;

    private readonly bool IsOfAnotherKind(int i) => ((Before(i) | Behind(i)) & Roles.Other) != 0 || IsOfThing(i);

    /// <summary>"Код отеля: 1204": a thing that the lexicon does not know.</summary>
    private readonly bool IsOfThing(int i) =>
        !tokens[i].Is(Roles.Password) && i + 1 < tokens.Length && tokens[i + 1].Is(Roles.Thing) && !tokens[i + 1].IsCapital && !tokens[i + 1].IsLatin;

    private readonly bool IsPinOfCard(int i)
    {
        var isPin = tokens[i].Is(Roles.Pin) || ((Before(i) | Behind(i)) & Roles.Pin) != 0;
        return isPin && ((tokens[i].Around & Roles.Card) != 0 || ((Text & Roles.Card) != 0 && (tokens[i].Around & Roles.Purpose) == 0));
    }

    /// <summary>In the report of a payment the code of authorisation is a reference, unless the text asks for it or keeps it secret.</summary>
    private readonly bool IsApprovalOfPayment(int i, bool hasMoney) =>
        ((Before(i) | Behind(i)) & Roles.Approval) != 0
        && (hasMoney || (Text & Roles.Report) != 0)
        && (Text & (Roles.Forbid | Roles.Verb)) == 0;

    /// <summary>A code of no stated purpose, in a text of discounts, of a refused payment, of a payment with the balance after it, or of doors.</summary>
    private readonly bool IsOfContext(int i) =>
        ((Text & Roles.Promo) != 0 && (tokens[i].Around & Roles.Forbid) == 0)
        || ((Text & Roles.Report) != 0 && (Text & Roles.Card) != 0 && !tokens[i].Is(Roles.Password) && (Text & (Roles.Forbid | Roles.Verb)) == 0)
        || ((Text & (Roles.Refusal | Roles.Balance)) != 0 && !tokens[i].Is(Roles.Password) && (Text & (Roles.Forbid | Roles.Verb)) == 0)
        || (tokens[i].Around & Roles.Door) != 0;
}
