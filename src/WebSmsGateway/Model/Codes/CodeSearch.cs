namespace WebSmsGateway.Model.Codes;

/// <summary>The rule: tokens, vetoes, candidates, bindings, and a decision between those that are bound.</summary>
internal readonly ref struct CodeSearch(ReadOnlySpan<char> text, Span<Token> memory)
{
    // More numbers than this in one text are a list, and none of them is its one code.
    private const int MaxCandidates = 64;
    private readonly ReadOnlySpan<char> text = text;
    private readonly Span<Token> memory = memory;

    public OneTimeCode? Find(ref long steps)
    {
        var tokeniser = new Tokeniser(text, memory);
        var tokens = memory[..tokeniser.Run()];
        Span<Candidate> all = stackalloc Candidate[MaxCandidates];
        var vetoes = new Vetoes(text, tokens);
        vetoes.Apply();
        var nouns = new Nouns(tokens);
        nouns.Settle();
        var candidates = all[..Read(tokens, all, ref steps)];
        Bind(tokens, nouns.Text, candidates, ref steps);
        steps += tokeniser.Steps + vetoes.Steps + nouns.Steps;
        return Decide(tokens, candidates);
    }

    private int Read(Span<Token> tokens, Span<Candidate> candidates, ref long steps)
    {
        var reader = new CandidateReader(text, tokens);
        var labels = new Labels(tokens);
        var count = 0;
        while (count < candidates.Length && reader.TryRead(out var candidate))
        {
            // "Код 402: нет связи?" A question gives no code, unless it is "Запрашивали код: 1234?"
            var isAsked = tokens[candidate.First].IsAsked && !tokens.IsAssigned(candidate.First);
            if (!isAsked && !labels.Take(ref candidate))
            {
                candidates[count++] = candidate;
            }
        }

        steps += reader.Steps + labels.Steps;
        return count < candidates.Length ? count : 0;
    }

    private static void Bind(Span<Token> tokens, Roles text, Span<Candidate> candidates, ref long steps)
    {
        var before = new BindingsBefore(tokens, text);
        for (var i = 0; i < candidates.Length; i++)
        {
            before.Bind(ref candidates[i], i, candidates);
        }

        // Only now it is known which nouns are taken.
        var behind = new BindingsBehind(tokens);
        for (var i = 0; i < candidates.Length; i++)
        {
            behind.Bind(ref candidates[i], i);
            behind.Support(ref candidates[i]);
        }

        steps += before.Steps + behind.Steps;
    }

    /// <summary>The value that is bound best. Two values that are bound equally well are none.</summary>
    private OneTimeCode? Decide(ReadOnlySpan<Token> tokens, ReadOnlySpan<Candidate> candidates)
    {
        var best = Strength.None;
        foreach (ref readonly var candidate in candidates)
        {
            best = candidate.Strength > best ? candidate.Strength : best;
        }

        if (best == Strength.None)
        {
            return null;
        }

        string? value = null;
        Span<char> buffer = stackalloc char[CandidateReader.MaxCount];
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.Strength != best)
            {
                continue;
            }

            var typed = buffer[..CodeValue.Write(text, tokens[candidate.First..(candidate.Last + 1)], buffer)];
            if (value is not null && !typed.SequenceEqual(value))
            {
                return null;
            }

            value ??= typed.ToString();
        }

        return new OneTimeCode(value!, best >= Strength.SameSentence ? CodeConfidence.High : CodeConfidence.Medium);
    }
}
