namespace WebSmsGateway.Model.Codes;

/// <summary>Marks digits that are never a code, whatever binds them: money, decimals, telephones, card tails, addresses.</summary>
internal ref struct Vetoes(ReadOnlySpan<char> text, Span<Token> tokens)
{
    private const int HashLength = 11;
    private readonly ReadOnlySpan<char> text = text;
    private readonly Span<Token> tokens = tokens;

    public long Steps { get; private set; }

    public void Apply()
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            Steps++;
            if (tokens[i].Kind == TokenKind.Digits)
            {
                Decimal(i);
                Neighbours(i);
                Telephone(i);
            }
            else if (tokens[i].Kind == TokenKind.Word)
            {
                Address(i);
                SentToANumber(i);
            }
        }

        RetrieverHash();
    }

    private readonly ref Token At(int i) => ref tokens[i];

    private readonly bool IsDigits(int i) => i >= 0 && i < tokens.Length && tokens[i].Kind == TokenKind.Digits;

    private readonly bool IsWord(int i, Roles roles) => i >= 0 && i < tokens.Length && tokens[i].Is(roles);

    private readonly bool IsMark(int i, ReadOnlySpan<char> marks) => i >= 0 && i < tokens.Length && tokens[i].IsOneOf(marks);

    private readonly bool IsGlued(int i) => i >= 0 && i < tokens.Length && tokens[i].IsGlued;

    /// <summary>Decimals, dates, IP addresses, and clock times with a colon: digits that a sign joins.</summary>
    private readonly void Decimal(int i)
    {
        var isJoined = IsMark(i + 1, ".,:/") && IsDigits(i + 2) && IsGlued(i + 1) && IsGlued(i + 2);
        if (isJoined && (!IsMark(i + 1, ":") || (At(i).Count <= 2 && At(i + 2).Count == 2)))
        {
            At(i).IsExcluded = At(i + 2).IsExcluded = true;
            if (IsMark(i + 1, ".,"))
            {
                Thousands(i);
            }
        }
    }

    private readonly void Neighbours(int i)
    {
        var before = i - 1;
        var after = i + 1;
        var isHidden = IsMark(before, "*•●∙·") || (IsMark(after, "*•●") && IsGlued(after)) || (IsMark(before, "+") && IsGlued(i));
        var isNumbered = IsMark(before, "№");
        var isPercent = IsMark(after, "%‰");
        var isSent = IsWord(after, Roles.Link) && IsWord(after + 1, Roles.Phone) && IsDigits(after + 2);
        if (isHidden || isNumbered || isPercent || isSent)
        {
            At(i).IsExcluded = true;
        }

        if (IsMoney(after, isBehind: true))
        {
            At(i).IsExcluded = true;
            Thousands(i);
        }
        else if (IsMoney(IsMark(before, ".:") && !IsMark(before - 1, ".:") ? before - 1 : before, isBehind: false))
        {
            At(i).IsExcluded = true;
        }
    }

    /// <summary>A currency beside a number. Before it, it is its own only if no other number stands before the currency.</summary>
    private readonly bool IsMoney(int i, bool isBehind)
    {
        if (i < 0 || i >= tokens.Length)
        {
            return false;
        }

        var isSign = At(i).Kind == TokenKind.Mark;
        var isOwn = isBehind ? At(i).Count != 1 || !tokens.IsAmidLetters(i - 1) : !IsDigits(i - 1) && (isSign || At(i).Count > 1);
        return isOwn && At(i).Is(Roles.Currency);
    }

    /// <summary>The groups before the last one of an amount: 12 345 678 р.</summary>
    private readonly void Thousands(int i)
    {
        while (At(i).Count == 3 && IsDigits(i - 1) && At(i - 1).Count <= 3 && !At(i - 1).IsExcluded)
        {
            At(--i).IsExcluded = true;
        }
    }

    /// <summary>Telephones in groups: with + or 8 in front, with an area in brackets, or 3-3-2-2. Cards in four groups of four.</summary>
    private void Telephone(int i)
    {
        ref var first = ref At(i);
        var lead = text[first.Start];
        var hasPlus = IsMark(i - 1, "+");
        var hasBracket = IsMark(i - 1, "(") && first.Count is 3 or 4 or 5;
        var isLong = hasPlus || (lead is '7' or '8' && first.Count is 1 or 4 or 11);
        if (!isLong && !hasPlus && !hasBracket && first.Count is not (3 or 4))
        {
            return;
        }

        Span<int> groups = stackalloc int[8];
        var count = 0;
        var digits = 0;
        for (var j = i; IsDigits(j) && count < groups.Length; j++)
        {
            Steps++;
            groups[count++] = At(j).Count;
            digits += At(j).Count;
            var isFull = (isLong && digits == 11) || (hasPlus && digits is >= 10 and <= 13)
                || ((isLong || hasBracket) && digits == 10 && hasBracket)
                || groups[..count] is [3, 3, 2, 2] or [3, 2, 2] or [4, 4, 4, 4] or [3, 7];
            var next = j + 1;
            while (IsMark(next, "-()‑–") && next - j < 4)
            {
                next++;
            }

            if (isFull && !(IsDigits(next) && hasPlus && digits < 11))
            {
                for (var k = i; k <= j; k++)
                {
                    At(k).IsExcluded = true;
                }

                return;
            }

            j = next - 1;
        }
    }

    /// <summary>Addresses of the web and of mail, from their first character to white space.</summary>
    private void Address(int i)
    {
        var isScheme = IsMark(i + 1, ":") && IsMark(i + 2, "/") && IsGlued(i + 1) && IsGlued(i + 2);
        var isDomain = At(i).Is(Roles.Domain) && At(i).IsGlued && IsMark(i - 1, ".") && IsGlued(i - 1) && !IsMark(i - 2, ".")
            && !(IsDigits(i - 2) && At(i).IsCapital)
            && !(IsGlued(i + 1) && (At(i + 1).Kind != TokenKind.Mark || IsMark(i + 1, "-_")));
        if (!isScheme && !isDomain)
        {
            return;
        }

        for (var j = i - 1; j >= 0 && At(j + 1).IsGlued && !At(j).IsExcluded && !IsMark(j, ":/,;()!?=\"«»"); j--)
        {
            Steps++;
            At(j).IsExcluded = true;
        }

        At(i).IsExcluded = true;
        for (var j = i + 1; j < tokens.Length && At(j).IsGlued && !At(j).IsExcluded && (isScheme || j > i + 1 || IsMark(j, "/?#")); j++)
        {
            Steps++;
            At(j).IsExcluded = true;
        }
    }

    /// <summary>"Отправьте код 12345 на номер 900": a text to send, not one to type.</summary>
    private void SentToANumber(int i)
    {
        if (!At(i).Is(Roles.Send))
        {
            return;
        }

        for (var j = i + 1; j < tokens.Length && j <= i + 14 && At(j).Sentence == At(i).Sentence; j++)
        {
            Steps++;
            var isTarget = At(j).Is(Roles.Link) && (IsDigits(j + 1) || IsWord(j + 1, Roles.Phone));
            if (!isTarget)
            {
                continue;
            }

            for (var k = i + 1; k <= j + 2 && k < tokens.Length; k++)
            {
                At(k).IsExcluded |= IsDigits(k);
            }
        }
    }

    /// <summary>The eleven characters by which Android's retriever knows an app, at the end of a text.</summary>
    private readonly void RetrieverHash()
    {
        var end = text.TrimEnd();
        var start = end.LastIndexOfAny(" \n\r\t") + 1;
        var hash = end[start..];
        if (hash.Length != HashLength || start == 0)
        {
            return;
        }

        var (upper, lower, digits) = (0, 0, 0);
        foreach (var unit in hash)
        {
            upper += char.IsAsciiLetterUpper(unit) ? 1 : 0;
            lower += char.IsAsciiLetterLower(unit) ? 1 : 0;
            digits += char.IsAsciiDigit(unit) || unit is '+' or '/' ? 1 : 0;
        }

        if (upper + lower + digits != HashLength || upper == 0 || lower == 0)
        {
            return;
        }

        for (var i = tokens.Length - 1; i >= 0 && At(i).Start >= start && !At(i).Is(Roles.Noun); i--)
        {
            At(i).IsExcluded = true;
        }
    }
}
