using System.Collections.Frozen;

namespace WebSmsGateway.Model.Codes;

/// <summary>
/// The words that the rule knows, by stem. A stem stands for all words that begin with it, with <c>=</c> for itself alone. A word has
/// the roles of all its stems, unless the longest one has none: it takes the word out ("кодекс"). Spelling is folded as in
/// <see cref="Letters"/>: accents, case and look-alikes of other alphabets make no difference.
/// </summary>
internal static class Lexicon
{
    // Words begin with a stem by its first three letters; no stem but a whole word is shorter.
    private static readonly FrozenDictionary<long, Stem[]> Stems = Read();

    // Compounds in one word (Bestätigungscode, смскод), nouns of actions in the genitive (код разблокировки, заселения), and others.
    private static readonly FrozenDictionary<char, Stem[]> Endings = new (Roles Roles, string Endings)[]
        {
            (Roles.Noun, "code kod код codes kodi kodu kodunuz koodi koden пароль passwort"),
            (Roles.Purpose, "ния ции тия ки"),
        }
        .SelectMany(entry => entry.Endings.Split(' ').SelectMany(Latin.Spellings), (entry, ending) => (entry.Roles, ending))
        .Select(entry => new Stem(Folded(entry.ending), false, entry.Roles))
        .Concat("а я ы ов ев ти ли ри ди ни си зи пи дии гии рии лии".Split(' ').Select(ending => new Stem(Folded(ending), false, Roles.Thing)))
        .GroupBy(ending => ending.Text[^1])
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The roles of a word, given in folded letters.</summary>
    public static Roles RolesOf(ReadOnlySpan<char> word)
    {
        var roles = ByStem(word, out var isKnown);
        var byEnding = word.Length >= 4 ? ByEnding(word) : Roles.None;
        var isTaken = (roles & (Roles.Noun | Roles.Other | Roles.Promo)) != 0 || (isKnown && roles == Roles.None);
        return byEnding switch
        {
            Roles.Noun when !isTaken && word.Length >= 6 => roles | Roles.Noun,
            Roles.Purpose or Roles.Thing when !isKnown && !IsMask(word) => byEnding,
            _ => !isKnown && IsMask(word) ? Roles.Card : roles,
        };
    }

    private static Roles ByStem(ReadOnlySpan<char> word, out bool isKnown)
    {
        if (Stems.TryGetValue(Key(word), out var stems))
        {
            // Sorted by length: the first that fits is the longest.
            foreach (var stem in stems)
            {
                if (word.StartsWith(stem.Text) && (!stem.IsWhole || word.Length == stem.Text.Length))
                {
                    isKnown = true;
                    return stem.Roles;
                }
            }
        }

        isKnown = false;
        return Roles.None;
    }

    private static Roles ByEnding(ReadOnlySpan<char> word)
    {
        if (Endings.TryGetValue(word[^1], out var endings))
        {
            foreach (var ending in endings)
            {
                if (word.EndsWith(ending.Text))
                {
                    return ending.Roles;
                }
            }
        }

        return Roles.None;
    }

    // The hidden digits of a card: XXXX1234.
    private static bool IsMask(ReadOnlySpan<char> word) => word.Length > 1 && !word.ContainsAnyExcept('x');

    private static long Key(ReadOnlySpan<char> word) => word switch
    {
        [var first] => first,
        [var first, var second] => first | ((long)second << 16),
        _ => word[0] | ((long)word[1] << 16) | ((long)word[2] << 32),
    };

    private static string Folded(string text) => string.Concat(text.Where(letter => letter != '\'').Select(Letters.Fold));

    private static FrozenDictionary<long, Stem[]> Read()
    {
        var roles = new Dictionary<string, Roles>();
        foreach (var (role, stems) in Words.All)
        {
            var all = stems.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
            foreach (var stem in all.SelectMany(Latin.Spellings).Select(Folded))
            {
                roles[stem] = roles.GetValueOrDefault(stem) | role;
            }
        }

        // A word has the roles of every stem that it begins with, so that the longest one knows them all.
        return roles
            .Select(stem => (Text: stem.Key, Roles: stem.Value == Roles.None ? Roles.None : Inherited(stem.Key)))
            .Select(stem => new Stem(stem.Text.TrimEnd('='), stem.Text.EndsWith('='), stem.Roles))
            .GroupBy(stem => Key(stem.Text))
            .ToFrozenDictionary(
                group => group.Key,
                group => group.OrderByDescending(stem => stem.Text.Length).ThenByDescending(stem => stem.IsWhole).ToArray());

        Roles Inherited(string stem)
        {
            var all = roles[stem];
            for (var length = 1; length < stem.Length; length++)
            {
                all |= roles.GetValueOrDefault(stem[..length]);
            }

            return all;
        }
    }

    private sealed record Stem(string Text, bool IsWhole, Roles Roles);
}
