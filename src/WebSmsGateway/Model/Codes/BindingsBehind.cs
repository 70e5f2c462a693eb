namespace WebSmsGateway.Model.Codes;

/// <summary>Binds candidates to the nouns behind them, and supports those that nothing binds.</summary>
internal ref struct BindingsBehind(ReadOnlySpan<Token> tokens)
{
    private const int Reach = 50;
    private const Roles Bridge = Roles.Link | Roles.Purpose | Roles.Assign;
    private readonly ReadOnlySpan<Token> tokens = tokens;

    public long Steps { get; private set; }

    /// <summary>"1234 - код для входа", "1234 is your code", "7209. Это ваш код".</summary>
    public void Bind(ref Candidate candidate, int index)
    {
        ref readonly var last = ref tokens[candidate.Last];
        var next = Next(candidate, out var isInNextSentence);
        if (candidate.IsUnusual || candidate.IsNameLike || candidate.IsMeasure || !Opens(next, candidate.First))
        {
            return;
        }

        var sentence = last.Sentence + (isInNextSentence ? 1 : 0);
        var (isBridged, isForbidden) = (true, false);
        for (var i = next; IsNear(i, last, sentence); i++)
        {
            Steps++;
            ref readonly var token = ref tokens[i];
            if (token.IsMark(',') || (token.Kind == TokenKind.Digits && token.Count > 2))
            {
                return;
            }

            isForbidden |= token.Is(Roles.Forbid);
            if (Names(i, index) && (token.Around & Roles.Sent) == 0)
            {
                candidate.Raise(isForbidden && !tokens[i - 1].Is(Roles.Pointing) ? Strength.None
                    : isInNextSentence ? Strength.NextSentence
                    : isBridged || tokens[next].IsConnector ? Strength.Direct : Strength.SameSentence);
                return;
            }

            // 81203 — используйте для входа
            if (token.Is(Roles.Verb) && i == next + 1 && tokens[next].IsConnector && !isInNextSentence && !candidate.IsLoose
                && tokens.BeginsSentence(candidate.First))
            {
                candidate.Raise(Strength.SameSentence);
                return;
            }

            isBridged &= token.Kind == TokenKind.Mark || token.Is(Bridge);
        }
    }

    /// <summary>By "this code" or a prohibition near a candidate that nothing binds.</summary>
    public void Support(ref Candidate candidate)
    {
        if (candidate.IsLoose)
        {
            return;
        }

        ref readonly var last = ref tokens[candidate.Last];
        var next = candidate.Last + 1;
        var isFirst = tokens.BeginsSentence(candidate.First);
        var isEnd = next >= tokens.Length || tokens[next].Kind == TokenKind.Mark || tokens[next].Sentence != last.Sentence;
        var isAlone = (isFirst || tokens.IsAssigned(candidate.First)) && (isEnd || tokens[next].Is(Roles.Forbid));
        if (isFirst && next < tokens.Length && tokens[next].IsConnector && IsWarnedBefore(candidate.First))
        {
            candidate.Raise(Strength.Supported);
        }

        for (var i = next; IsNear(i, last, last.Sentence + 1); i++)
        {
            Steps++;
            if (Names(i, 0) && (tokens[i - 1].Is(Roles.Pointing) || (isAlone && (tokens[i].Around & Roles.Forbid) != 0)))
            {
                candidate.Raise(Strength.Supported);
            }
        }
    }

    /// <summary>"Никому не говорите код. 1234 - вход в ...": a prohibition in the sentence before.</summary>
    private bool IsWarnedBefore(int first)
    {
        ref readonly var token = ref tokens[first];
        for (var i = first - 1; i >= 0 && token.Start - tokens[i].End <= Reach && token.Sentence - tokens[i].Sentence <= 1; i--)
        {
            Steps++;
            if (Names(i, 0) && (tokens[i].Around & Roles.Forbid) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A noun that speaks of a code in this text and belongs to no other candidate.</summary>
    private readonly bool Names(int i, int index) =>
        tokens[i].Is(Roles.Noun) && (tokens[i].Owned == 0 || tokens[i].Owned == index + 1) && !tokens.IsMention(i);

    private readonly bool IsNear(int i, in Token last, int sentence) =>
        i < tokens.Length && tokens[i].Sentence <= sentence && tokens[i].Start - last.End <= Reach;

    /// <summary>The first token behind a candidate, over closing quotes and over the end of a sentence before "это" or "your".</summary>
    private readonly int Next(in Candidate candidate, out bool isInNextSentence)
    {
        var next = candidate.Last + 1;
        while (next < tokens.Length && tokens[next].IsOneOf(")»\"”*'’]"))
        {
            next++;
        }

        isInNextSentence = next + 1 < tokens.Length && tokens[next].IsOneOf(".!")
            && tokens[next + 1].Is(Roles.Assign | Roles.Yours) && tokens.BeginsSentence(candidate.First);
        return isInNextSentence ? next + 1 : next;
    }

    /// <summary>Whether a noun behind a candidate can belong to it, by the first token between.</summary>
    private readonly bool Opens(int next, int first) =>
        next < tokens.Length
        && (tokens[next].IsMark(':') ? tokens.BeginsSentence(first)
            : tokens[next].IsConnector || tokens[next].IsMark('(') || tokens[next].Is(Roles.Noun | Roles.Yours | Roles.Purpose));
}
