namespace WebSmsGateway.Model.Codes;

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
            if (tokens[i].Is(Roles.Noun) && NamesNoCode(i, hasMoney))
            {
                tokens[i].Roles &= ~Roles.Noun;
            }
        }
    }

    /// <summary>Gives each token the roles of its sentence, and whether it is a question; one in the middle of an address is none.</summary>
    private void Surroundings()
    {
        for (var start = 0; start < tokens.Length;)
        {
            var (end, around, before, isAsked) = (start, Roles.None, Roles.None, false);
            for (; end < tokens.Length && tokens[end].Sentence == tokens[start].Sentence; end++)
            {
                around |= tokens[end].Roles;
                isAsked |= tokens[end].IsMark('?') && !(end + 1 < tokens.Length && tokens[end + 1].IsGlued && tokens[end + 1].Kind != TokenKind.Mark);
            }

            foreach (ref var token in tokens[start..end])
            {
                token.Around = around;
                token.IsAsked = isAsked;
                token.IsForbidden = (before & Roles.Forbid) != 0;
                before |= token.Roles;
            }

            Steps += end - start;
            Text |= around;
            start = end;
        }
    }

    private readonly bool NamesNoCode(int i, bool hasMoney) =>
        IsOfAnotherKind(i) || IsPinOfCard(i) || IsApprovalOfPayment(i, hasMoney) || (!HasPurpose(i) && IsOfContext(i));

    private readonly Roles Beside(int i) => tokens.RolesBefore(i) | tokens.RolesBehind(i);

    /// <summary>Whether the text says what the code is for: beside the noun, or behind the number that follows it.</summary>
    private readonly bool HasPurpose(int i)
    {
        var number = i + 1;
        number += number < tokens.Length && tokens[number].IsOneOf(":-–—=") ? 1 : 0;
        var isFollowed = number < tokens.Length && tokens[number].Kind == TokenKind.Digits;
        return ((Beside(i) | (isFollowed ? tokens.RolesBehind(number) : Roles.None)) & Roles.Purpose) != 0;
    }

    /// <summary>QR-код, код ошибки, terminal kodi; "код отеля", too: a thing that the lexicon does not know.</summary>
    private readonly bool IsOfAnotherKind(int i)
    {
        var isOfThing = i + 1 < tokens.Length && tokens[i + 1].Is(Roles.Thing) && !tokens[i + 1].IsCapital && !tokens[i + 1].IsLatin;
        return (Beside(i) & Roles.Other) != 0 || (isOfThing && !tokens[i].Is(Roles.Password));
    }

    private readonly bool IsPinOfCard(int i)
    {
        var isPin = tokens[i].Is(Roles.Pin) || (Beside(i) & Roles.Pin) != 0;
        var hasPurpose = (tokens[i].Around & Roles.Purpose) != 0;
        return isPin && ((tokens[i].Around & Roles.Card) != 0 || ((Text & Roles.Card) != 0 && !hasPurpose));
    }

    /// <summary>In the report of a payment it is a reference, unless the text asks for it or keeps it secret.</summary>
    private readonly bool IsApprovalOfPayment(int i, bool hasMoney) =>
        (Beside(i) & Roles.Approval) != 0 && (hasMoney || (Text & Roles.Report) != 0) && (Text & (Roles.Forbid | Roles.Verb)) == 0;

    /// <summary>A code of no stated purpose in a text of discounts or doors, or of a payment that was made or refused.</summary>
    private readonly bool IsOfContext(int i)
    {
        var isOfMoney = (Text & (Roles.Card | Roles.Currency)) != 0;
        var isReport = (Text & (Roles.Declined | Roles.Balance)) != 0 || ((Text & Roles.Report) != 0 && isOfMoney);
        return ((Text & Roles.Promo) != 0 && (Text & Roles.Forbid) == 0)
            || (isReport && !tokens[i].Is(Roles.Password) && (Text & (Roles.Forbid | Roles.Verb)) == 0)
            || (tokens[i].Around & Roles.Door) != 0;
    }
}
