namespace WebSmsGateway.Model.Codes;

/// <summary>Binds candidates to the nouns and verbs before them.</summary>
internal ref struct BindingsBefore(Span<Token> tokens, Roles text)
{
    // Characters between a noun and its code; more where a colon or dash stands right before the code, for sums and card tails between.
    private const int Reach = 50;
    private const int ReachToColon = 140;
    private const Roles Bridge = Roles.Link | Roles.Purpose | Roles.Assign;
    private readonly Span<Token> tokens = tokens;

    private enum Way
    {
        Beside,
        Assigned,
        WithWords,
        BehindComma,
        Negated,
    }

    public long Steps { get; private set; }

    public void Bind(ref Candidate candidate, int index, ReadOnlySpan<Candidate> earlier)
    {
        ref readonly var first = ref tokens[candidate.First];
        var isAssigned = tokens.IsAssigned(candidate.First);
        var reach = isAssigned ? ReachToColon : Reach;
        var (isDirect, hasComma, isNegated, isAside) = (true, false, false, false);
        for (var i = candidate.First - 1; i >= 0 && first.Start - tokens[i].End <= reach && first.Sentence - tokens[i].Sentence <= 1; i--)
        {
            Steps++;
            ref var token = ref tokens[i];
            var isInSentence = token.Sentence == first.Sentence;
            if (token.Is(Roles.Noun) && isInSentence)
            {
                var way = isDirect ? Way.Beside
                    : isAssigned ? Way.Assigned
                    : isNegated ? Way.Negated
                    : hasComma ? Way.BehindComma : Way.WithWords;
                candidate.Raise(OfNoun(i, candidate, way, isAssigned, earlier));
                token.Owned = candidate.Strength == Strength.Direct && token.Owned == 0 ? index + 1 : token.Owned;
            }
            else if (token.Is(Roles.Noun))
            {
                candidate.Raise(OfNounInSentenceBefore(i, candidate, isDirect, isAssigned));
            }
            else if (token.Is(Roles.Verb | Roles.Confirm) && isInSentence)
            {
                candidate.Raise(OfVerb(token, candidate, isDirect, isAssigned, hasComma));
            }

            // What stands in brackets is no hindrance: Код (никому не говорите) 1234.
            isAside = (isAside || token.IsMark(')')) && !token.IsMark('(');
            isDirect &= isAside || (token.Kind == TokenKind.Mark ? !token.IsOneOf(",!?") : token.Is(Bridge));
            hasComma |= token.IsMark(',');
            isNegated |= token.Is(Roles.Negation);
        }
    }

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
        var isElsewhere = tokens[candidate.First].IsForbidden || (token.Around & Roles.Sent) != 0 || tokens.IsMention(noun);
        return !isFit ? Strength.None
            : !candidate.IsLabelled && way is Way.Beside or Way.Assigned ? Strength.Direct
            : isElsewhere ? Strength.None
            : candidate.IsLabelled || way == Way.WithWords ? Strength.SameSentence : Strength.NextSentence;
    }

    /// <summary>A noun at the end of its sentence, where the candidate begins the next one or follows a colon.</summary>
    private readonly Strength OfNounInSentenceBefore(int noun, in Candidate candidate, bool isDirect, bool isAssigned)
    {
        var isOpen = isAssigned || (isDirect && tokens.BeginsSentence(candidate.First));
        var isElsewhere = (tokens[noun].Around & (Roles.Forbid | Roles.Sent)) != 0 || tokens.IsMention(noun);
        return isOpen && !isElsewhere && tokens[noun].Owned == 0 && !candidate.IsLoose ? Strength.NextSentence : Strength.None;
    }

    private readonly Strength OfVerb(in Token token, in Candidate candidate, bool isDirect, bool isAssigned, bool hasComma)
    {
        var isOfUsualLength = candidate.Count is >= 4 and <= 8;
        if (!isOfUsualLength || candidate.IsYear || candidate.IsMeasure || candidate.IsLabelled || candidate.IsNameLike)
        {
            return Strength.None;
        }

        // "Подтверждение входа: 1234" has no noun.
        return token.Is(Roles.Verb)
            ? (!isDirect || (token.Around & Roles.Promo) != 0 ? Strength.None : Strength.SameSentence)
            : isAssigned && (!hasComma || (text & Roles.Forbid) != 0) && !candidate.IsLoose ? Strength.NextSentence : Strength.None;
    }

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
