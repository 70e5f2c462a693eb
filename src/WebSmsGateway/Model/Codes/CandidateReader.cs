namespace WebSmsGateway.Model.Codes;

/// <summary>Groups tokens into candidates by their shape, from left to right.</summary>
internal ref struct CandidateReader(ReadOnlySpan<char> text, ReadOnlySpan<Token> tokens)
{
    public const int MaxCount = 12;
    private readonly ReadOnlySpan<char> text = text;
    private readonly ReadOnlySpan<Token> tokens = tokens;
    private int next;

    public long Steps { get; private set; }

    public bool TryRead(out Candidate candidate)
    {
        while (next < tokens.Length)
        {
            Steps++;
            var first = next++;
            if (!IsUsable(first) || !(Mixed(first, out candidate) || Digits(first, out candidate)))
            {
                continue;
            }

            next = candidate.Last + 1;
            Judge(ref candidate);
            return true;
        }

        candidate = default;
        return false;
    }

    private readonly bool IsUsable(int i) => i < tokens.Length && tokens[i].Kind != TokenKind.Mark && !tokens[i].IsExcluded;

    private readonly bool IsDigits(int i) => i < tokens.Length && tokens[i].Kind == TokenKind.Digits && !tokens[i].IsExcluded;

    private readonly bool IsHyphen(int i) => i < tokens.Length && tokens[i].IsGlued && tokens[i].IsOneOf("-‑–—");

    /// <summary>A word that means nothing to the rule: a part of a code of letters and digits.</summary>
    private readonly bool IsLetters(int i) =>
        i < tokens.Length && tokens[i].Kind == TokenKind.Word && tokens[i].IsLatin && !tokens[i].IsExcluded
        && (tokens[i].Roles == Roles.None || (tokens[i].Count == 1 && !IsUnit(i)));

    /// <summary>A unit of one letter behind digits alone: 1234р, and not 7K3P.</summary>
    private readonly bool IsUnit(int i) => i > 0 && tokens[i - 1].Kind == TokenKind.Digits && tokens[i].Is(Roles.Unit | Roles.Currency)
        && !tokens.IsAmidLetters(i - 1);

    /// <summary>Letters and digits in one run (AB12, a1b2c3), or in parts (AB12-CD34, G-123456).</summary>
    private bool Mixed(int first, out Candidate candidate)
    {
        candidate = new Candidate { First = first, Last = first, HasLetters = true };
        if (!StartsFree(first))
        {
            return false;
        }

        var (letters, digits, parts) = (0, 0, 0);
        for (var i = first; i < tokens.Length; i++)
        {
            Steps++;
            var isHyphen = i > first && IsHyphen(i);
            if (i > first && (!tokens[i].IsGlued || (isHyphen && !IsPart(i + 1))))
            {
                break;
            }

            if (isHyphen)
            {
                continue;
            }

            if ((!IsDigits(i) && !IsLetters(i)) || letters + digits > MaxCount)
            {
                break;
            }

            letters += tokens[i].Kind == TokenKind.Word ? tokens[i].Count : 0;
            digits += tokens[i].Kind == TokenKind.Digits ? tokens[i].Count : 0;
            candidate.Last = i;
            parts++;
        }

        candidate.Count = letters + digits;
        var last = candidate.Last;
        var isPrefixed = parts == 2 && IsHyphen(first + 1) && letters is >= 1 and <= 3 && digits is >= 4 and <= 8 && IsDigits(last);
        if (isPrefixed)
        {
            candidate = new Candidate { First = last, Last = last, Count = digits };
            return true;
        }

        var isWhole = last + 1 >= tokens.Length || !tokens[last + 1].IsGlued
            || tokens[last + 1].Kind == TokenKind.Mark || tokens[last + 1].Is(~Roles.Domain);
        candidate.IsNameLike = parts == 2 && (letters >= 4 || (letters == 3 && digits <= 2));
        candidate.IsUnusual = candidate.Count > 8 || candidate.Count == 3;
        return letters > 0 && digits > 0 && candidate.Count is >= 3 and <= MaxCount && isWhole;
    }

    /// <summary>Whether a code goes on behind a hyphen: with digits, or with letters that are few or have digits beside them.</summary>
    private readonly bool IsPart(int i) =>
        i < tokens.Length && tokens[i].IsGlued
        && (IsDigits(i) || (IsLetters(i) && (tokens[i].Count <= 2 || (i + 1 < tokens.Length && tokens[i + 1].IsGlued && IsDigits(i + 1)))));

    private readonly bool StartsFree(int first) =>
        first == 0 || !tokens[first].IsGlued || tokens[first - 1].Kind == TokenKind.Mark || tokens[first - 1].Roles != Roles.None;

    private bool Digits(int first, out Candidate candidate)
    {
        candidate = new Candidate { First = first, Last = first, Count = tokens[first].Count };
        if (!IsDigits(first) || !StandsAlone(first, first - 1, first))
        {
            return false;
        }

        Span<int> groups = stackalloc int[8];
        var isHyphenated = IsHyphen(first + 1);
        var step = isHyphenated ? 2 : 1;
        var count = 0;
        var last = first;
        for (var i = first; IsDigits(i) && count < groups.Length; i += step)
        {
            Steps++;
            if (i > first && !(isHyphenated ? IsHyphen(i - 1) && tokens[i].IsGlued : IsSpaced(i) && !IsMeasured(i)))
            {
                break;
            }

            groups[count++] = tokens[i].Count;
            last = i;
        }

        var isGroup = count > 1 && (isHyphenated || !IsHyphen(last + 1));
        var shape = isGroup ? ShapeOf(groups[..count], isHyphenated) : GroupShape.None;
        if (shape == GroupShape.Never || !StandsAlone(last, last, last + 1))
        {
            candidate.Last = last;
            next = last + 1;
            return false;
        }

        if (shape != GroupShape.None)
        {
            candidate.Last = last;
            candidate.Count = 0;
            foreach (var group in groups[..count])
            {
                candidate.Count += group;
            }

            candidate.IsUnusual = shape == GroupShape.Unusual;
            return true;
        }

        candidate.IsUnusual = candidate.Count is 3 or > 8;
        return candidate.Count is >= 3 and <= MaxCount;
    }

    private enum GroupShape
    {
        None,
        Never,
        Unusual,
        Usual,
    }

    private static GroupShape ShapeOf(ReadOnlySpan<int> groups, bool isHyphenated) => groups switch
    {
        [3, 3] or [4, 3] or [2, 2, 2] or [1, 1, 1, 1, ..] => GroupShape.Usual,
        [4, 4] or [2, 2] => isHyphenated ? GroupShape.Usual : GroupShape.Unusual,
        [3, 4] or [3, 3, 3] => GroupShape.Unusual,
        _ when !isHyphenated => GroupShape.None,
        [2, 3] or [3, 2] or [2, 4] or [4, 2] => GroupShape.Unusual,
        _ => GroupShape.Never,
    };

    private readonly bool IsSpaced(int i)
    {
        var between = text[tokens[i - 1].End..tokens[i].Start];
        return !tokens[i].IsGlued && between.Length <= 2 && !between.ContainsAny('\n', '\r');
    }

    private readonly bool IsMeasured(int i) => i + 1 < tokens.Length && tokens[i + 1].Is(Roles.Unit);

    /// <summary>Digits that a word of unknown meaning touches are a part of it: 45К1234, 12к3, 5678-ФЗ.</summary>
    private readonly bool StandsAlone(int digits, int left, int right)
    {
        var isBound = left != digits && left >= 0 && tokens[digits].IsGlued && tokens[left].Kind == TokenKind.Word
            && !tokens[left].Is(Roles.Noun | Roles.Purpose | Roles.Verb | Roles.Link)
            && (tokens[left].IsLatin || tokens[left].Count < 4 || !tokens[left].Is(~Roles.Thing));
        if (right == digits || right >= tokens.Length || !tokens[right].IsGlued)
        {
            return !isBound;
        }

        var word = tokens[right].IsOneOf("-‑") ? right + 1 : right;
        var isJoined = word < tokens.Length && tokens[word].IsGlued && tokens[word].Kind == TokenKind.Word
            && tokens[word].Roles == Roles.None && tokens[word].Count < 3;
        return !isBound && !isJoined;
    }

    private readonly void Judge(ref Candidate candidate)
    {
        if (candidate.HasLetters)
        {
            return;
        }

        Span<char> digits = stackalloc char[MaxCount];
        var length = CodeValue.Write(text, tokens[candidate.First..(candidate.Last + 1)], digits);
        candidate.IsYear = length == 4 && Calendar.IsYear(digits);
        candidate.IsDateLike = Calendar.CouldBe(digits[..length]);
        var unit = candidate.Last + 1;
        var before = candidate.First - 1;
        candidate.IsMeasure = (unit < tokens.Length && tokens[unit].Is(Roles.Unit))
            || (candidate.IsDateLike && before >= 0 && tokens[before].Is(Roles.Until));
    }
}
