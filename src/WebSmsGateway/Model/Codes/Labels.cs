namespace WebSmsGateway.Model.Codes;

/// <summary>What a word right before a number says that it is: an order, an account, a telephone, an amount, the tail of a card.</summary>
internal ref struct Labels(ReadOnlySpan<Token> tokens)
{
    // Characters in which a noun in front makes a label a part of what the code is for.
    private const int Reach = 80;
    private readonly ReadOnlySpan<Token> tokens = tokens;

    public long Steps { get; private set; }

    /// <summary>Whether a label takes the candidate away. Where it only says what a code is for, the candidate is marked.</summary>
    public bool Take(ref Candidate candidate)
    {
        var label = LabelOf(candidate, out var hasColon);
        if (label <= 0)
        {
            return label == 0;
        }

        // Of telephones and orders the code may be without a colon, too: "Код подтверждения телефона 1234", "Код получения заказа 1234".
        var isObject = tokens[label].Is(Roles.Phone) || (tokens[label].Is(Roles.Purpose) && !tokens[label - 1].Is(Roles.Phone));
        while (label > 0 && tokens[label - 1].Is(Roles.Identifier | Roles.Phone))
        {
            Steps++;
            label--;
        }

        // Сбер ID: 123456 — код для входа
        if (IsNamedBehind(candidate.Last))
        {
            return false;
        }

        var noun = NounBefore(label);
        if (noun < 0 || noun == label - 1)
        {
            return true;
        }

        candidate.IsLabelled = !hasColon;
        return !hasColon && !(isObject && tokens[label - 1].Is(Roles.Purpose));
    }

    private int LabelOf(in Candidate candidate, out bool hasColon)
    {
        hasColon = false;
        var i = candidate.First - 1;
        for (; i >= 0 && i >= candidate.First - 4 && tokens[i].IsOneOf(":#-–—=(\"«.…'"); i--)
        {
            Steps++;
            hasColon |= tokens[i].IsOneOf(":-–—=");
        }

        if (i < 0 || tokens[i].Kind != TokenKind.Word)
        {
            return -1;
        }

        var isTail = candidate.First == candidate.Last && candidate.Count == 4;
        var roles = Roles.Identifier | Roles.Phone | Roles.Amount | (isTail ? Roles.Card : Roles.None);
        if (tokens[i].Is(roles) && !tokens[i].Is(Roles.Noun))
        {
            return i;
        }

        // л/с 12345
        if (i >= 2 && tokens[i].Count == 1 && tokens[i - 1].IsMark('/') && tokens[i - 2].Count == 1)
        {
            return i;
        }

        // карта Сбербанка 1234, ending in 1234
        var isName = tokens[i].Is(Roles.Link) || (tokens[i].Roles is Roles.None or Roles.Thing && tokens[i].IsCapital);
        return isTail && isName && i > 0 && tokens[i - 1].Is(Roles.Card) ? i - 1 : -1;
    }

    /// <summary>Whether a dash and a noun follow, and no other number of which the noun could speak.</summary>
    private bool IsNamedBehind(int last)
    {
        if (last + 1 >= tokens.Length || !tokens[last + 1].IsOneOf("-–—"))
        {
            return false;
        }

        var isNamed = false;
        for (var i = last + 2; i < tokens.Length && tokens[i].Start - tokens[last].End <= Reach && tokens[i].Sentence == tokens[last].Sentence; i++)
        {
            Steps++;
            isNamed |= tokens[i].Is(Roles.Noun) && i <= last + 4;
            if (tokens[i].Kind == TokenKind.Digits)
            {
                return false;
            }
        }

        return isNamed;
    }

    private int NounBefore(int label)
    {
        for (var i = label - 1; i >= 0 && tokens[label].Start - tokens[i].End <= Reach && tokens[i].Sentence == tokens[label].Sentence; i--)
        {
            Steps++;
            if (tokens[i].IsMark(','))
            {
                return -1;
            }

            if (tokens[i].Is(Roles.Noun))
            {
                return i;
            }
        }

        return -1;
    }
}
