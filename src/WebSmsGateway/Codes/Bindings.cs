namespace WebSmsGateway.Codes;

/// <summary>Binds candidates to the words that name, ask for or support a code.</summary>
internal ref struct Bindings(Span<Token> tokens, Roles text)
{
    // Characters between a noun and its code; more where a colon or dash stands right before the code, for sums and card tails between.
    private const int Reach = 50;
    private const int ReachToColon = 90;
    private const Roles Bridge = Roles.Link | Roles.Purpose | Roles.Assign;
    private readonly Span<Token> tokens = tokens;

    public long Steps { get; private set; }

    /// <summary>By a noun or a verb before the candidate.</summary>
    public void Forward(ref Candidate candidate, int index, ReadOnlySpan<Candidate> earlier)
    {
        ref readonly var first = ref tokens[candidate.First];
        var isAssigned = IsAssigned(candidate.First);
        var (isDirect, hasComma, isNegated) = (true, false, false);
        var reach = isAssigned ? ReachToColon : Reach;
        for (var i = candidate.First - 1; i >= 0 && first.Start - tokens[i].End <= reach && first.Sentence - tokens[i].Sentence <= 1; i--)
        {
            Steps++;
            ref var token = ref tokens[i];
            var isInSentence = token.Sentence == first.Sentence;
            if (token.Is(Roles.Noun))
            {
                var way = isDirect ? Way.Beside : isAssigned ? Way.Assigned : isNegated ? Way.Negated : hasComma ? Way.BehindComma : Way.WithWords;
                Raise(ref candidate, isInSentence ? OfNoun(i, candidate, way, isAssigned, earlier) : OfNounBefore(i, candidate, isDirect, isAssigned));
                token.Owned = isInSentence && candidate.Strength == Strength.Direct && token.Owned == 0 ? index + 1 : token.Owned;
            }
            else if (isInSentence && token.Is(Roles.Verb | Roles.Confirm))
            {
                Raise(ref candidate, OfVerb(token, candidate, isDirect, isAssigned, hasComma));
            }

            var isBridge = token.Kind == TokenKind.Mark ? !token.IsOneOf(",!?") : token.Is(Bridge);
            isDirect &= isBridge;
            hasComma |= token.IsMark(',');
            isNegated |= token.Is(Roles.Negation);
        }
    }

    /// <summary>By a noun behind the candidate: "1234 - код для входа", "1234 is your code".</summary>
    public void Backward(ref Candidate candidate, int index)
    {
        ref readonly var last = ref tokens[candidate.Last];
        var next = candidate.Last + 1;
        while (next < tokens.Length && tokens[next].IsOneOf(")»\"”*'’]"))
        {
            next++;
        }

        // 7209. Это ваш код
        var sentence = last.Sentence;
        if (next + 1 < tokens.Length && tokens[next].IsOneOf(".!") && BeginsSentence(candidate.First) && tokens[next + 1].Is(Roles.Assign | Roles.Yours))
        {
            next++;
            sentence++;
        }

        if (next >= tokens.Length || candidate.IsUnusual || candidate.IsNameLike || candidate.IsMeasure || !Opens(next, candidate.First))
        {
            return;
        }

        var (isBridged, isForbidden) = (true, false);
        for (var i = next; i < tokens.Length && tokens[i].Sentence <= sentence && tokens[i].Start - last.End <= Reach; i++)
        {
            Steps++;
            ref readonly var token = ref tokens[i];
            if (token.IsMark(',') || (token.Kind == TokenKind.Digits && token.Count > 2))
            {
                return;
            }

            isForbidden |= token.Is(Roles.Forbid);
            if (token.Is(Roles.Noun) && (token.Owned == 0 || token.Owned == index + 1) && !IsMention(i) && (token.Around & Roles.Sent) == 0)
            {
                Raise(ref candidate, isForbidden ? Strength.None : sentence > last.Sentence ? Strength.NextSentence : isBridged || IsConnector(next) ? Strength.Direct : Strength.SameSentence);
                return;
            }

            isBridged &= token.Kind == TokenKind.Mark || token.Is(Bridge);
        }
    }

    /// <summary>By "this code" or a prohibition behind a candidate that nothing binds.</summary>
    public void Support(ref Candidate candidate)
    {
        if (candidate.IsUnusual || candidate.IsDateLike || candidate.IsMeasure || candidate.HasLetters)
        {
            return;
        }

        ref readonly var last = ref tokens[candidate.Last];
        var next = candidate.Last + 1;
        var isAlone = (IsAssigned(candidate.First) || BeginsSentence(candidate.First))
            && (next >= tokens.Length || tokens[next].Kind == TokenKind.Mark || tokens[next].Sentence != last.Sentence || tokens[next].Is(Roles.Forbid));
        if (BeginsSentence(candidate.First) && next < tokens.Length && IsConnector(next) && IsWarnedBefore(candidate.First))
        {
            Raise(ref candidate, Strength.Supported);
        }

        for (var i = next; i < tokens.Length && tokens[i].Start - last.End <= Reach && tokens[i].Sentence - last.Sentence <= 1; i++)
        {
            Steps++;
            var isPointedAt = i > 0 && tokens[i - 1].Is(Roles.Pointing);
            if (tokens[i].Is(Roles.Noun) && tokens[i].Owned == 0 && !IsMention(i) && (isPointedAt || (isAlone && (tokens[i].Around & Roles.Forbid) != 0)))
            {
                Raise(ref candidate, Strength.Supported);
            }
        }
    }

    /// <summary>"Никому не говорите код. 1234 - вход в ...": a prohibition in the sentence before.</summary>
    private bool IsWarnedBefore(int first)
    {
        for (var i = first - 1; i >= 0 && tokens[first].Start - tokens[i].End <= Reach && tokens[first].Sentence - tokens[i].Sentence <= 1; i--)
        {
            Steps++;
            if (tokens[i].Is(Roles.Noun) && (tokens[i].Around & Roles.Forbid) != 0 && tokens[i].Owned == 0 && !IsMention(i))
            {
                return true;
            }
        }

        return false;
    }

    private enum Way
    {
        Beside,
        Assigned,
        WithWords,
        BehindComma,
        Negated,
    }

    private static void Raise(ref Candidate candidate, Strength strength) =>
        candidate.Strength = strength > candidate.Strength ? strength : candidate.Strength;

    private readonly Strength OfNoun(int noun, in Candidate candidate, Way way, bool isAssigned, ReadOnlySpan<Candidate> earlier)
    {
        ref readonly var token = ref tokens[noun];
        if (token.Owned != 0)
        {
            return IsListed(earlier[token.Owned - 1], candidate) ? Strength.Direct : Strength.None;
        }

        var isFit = way switch
        {
            _ when candidate.IsMeasure => isAssigned || tokens[candidate.First - 1].Is(Roles.Noun),
            Way.Beside => !candidate.IsNameLike || isAssigned,
            Way.Assigned => !candidate.IsNameLike && !candidate.IsUnusual,
            Way.Negated => false,
            Way.BehindComma when tokens[candidate.First - 1].Kind == TokenKind.Word => false,
            _ => !candidate.HasLetters && !candidate.IsUnusual && !candidate.IsYear,
        };
        var isElsewhere = tokens[candidate.First].IsForbidden || (token.Around & Roles.Sent) != 0 || IsMention(noun);
        return !isFit ? Strength.None
            : candidate.IsLabelled ? (isElsewhere ? Strength.None : Strength.SameSentence)
            : way is Way.Beside or Way.Assigned ? Strength.Direct
            : isElsewhere ? Strength.None
            : way == Way.WithWords ? Strength.SameSentence : Strength.NextSentence;
    }

    /// <summary>By a noun at the end of the sentence before, where the candidate begins its own, or before a colon.</summary>
    private readonly Strength OfNounBefore(int noun, in Candidate candidate, bool isDirect, bool isAssigned)
    {
        var isOpen = isAssigned || (isDirect && BeginsSentence(candidate.First));
        var isElsewhere = (tokens[noun].Around & (Roles.Forbid | Roles.Sent)) != 0 || IsMention(noun);
        return isOpen && !isElsewhere && tokens[noun].Owned == 0 && !IsLoose(candidate) ? Strength.NextSentence : Strength.None;
    }

    private readonly Strength OfVerb(in Token token, in Candidate candidate, bool isDirect, bool isAssigned, bool hasComma)
    {
        var isOfUsualLength = candidate.Count is >= 4 and <= 8;
        if (!isOfUsualLength || candidate.IsMeasure || candidate.IsLabelled || candidate.IsNameLike)
        {
            return Strength.None;
        }

        // "Подтверждение входа: 1234" has no noun.
        return token.Is(Roles.Verb)
            ? (!isDirect || (token.Around & Roles.Promo) != 0 ? Strength.None : Strength.SameSentence)
            : isAssigned && (!hasComma || (text & Roles.Forbid) != 0) && !IsLoose(candidate) ? Strength.NextSentence : Strength.None;
    }

    /// <summary>What no keyword of its own binds may look like a date, a time or a name.</summary>
    private static bool IsLoose(in Candidate candidate) =>
        candidate.HasLetters || candidate.IsUnusual || candidate.IsDateLike || candidate.IsMeasure || candidate.IsLabelled;

    /// <summary>Whether a colon, a dash or "is" stands right before a candidate, over opening quotes and brackets.</summary>
    private readonly bool IsAssigned(int first)
    {
        var i = first - 1;
        while (i >= 0 && tokens[i].IsOneOf("«\"“„'([<*"))
        {
            i--;
        }

        return i >= 0 && (IsConnector(i) || tokens[i].IsOneOf("→>👉"));
    }

    private readonly bool IsConnector(int i) => tokens[i].IsOneOf(":=-–—−‑") || tokens[i].Is(Roles.Assign);

    /// <summary>Whether a noun behind a candidate can belong to it by the first token between.</summary>
    private readonly bool Opens(int i, int first) =>
        (IsConnector(i) && (!tokens[i].IsMark(':') || BeginsSentence(first))) || tokens[i].IsMark('(') || tokens[i].Is(Roles.Noun | Roles.Yours | Roles.Purpose);

    private readonly bool BeginsSentence(int first)
    {
        var i = first - 1;
        while (i >= 0 && tokens[i].Kind == TokenKind.Mark && tokens[i].Sentence == tokens[first].Sentence && !tokens[i].IsMark(','))
        {
            i--;
        }

        return i < 0 || tokens[i].Sentence != tokens[first].Sentence;
    }

    /// <summary>"Код из СМС": the code is elsewhere.</summary>
    private readonly bool IsMention(int noun) => noun + 1 < tokens.Length && tokens[noun + 1].Is(Roles.Mention);

    /// <summary>Two candidates of one list: none is better than the other.</summary>
    private readonly bool IsListed(in Candidate owner, in Candidate candidate)
    {
        for (var i = owner.Last + 1; i < candidate.First; i++)
        {
            if (i > owner.Last + 3 || !(tokens[i].Is(Roles.List) || tokens[i].IsOneOf(",/;")))
            {
                return false;
            }
        }

        return candidate.First > owner.Last + 1 || candidate.Count == owner.Count;
    }
}
