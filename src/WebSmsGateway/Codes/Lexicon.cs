using System.Collections.Frozen;

namespace WebSmsGateway.Codes;

/// <summary>
/// The words that the rule knows, by stem. A stem stands for all words that begin with it, with <c>=</c> for itself alone. The
/// A word has the roles of all its stems, unless the longest one has none: it takes the word out ("кодекс"). Spelling is folded as in <see cref="Letters"/>:
/// accents, case and look-alikes of other alphabets make no difference.
/// </summary>
internal static class Lexicon
{
    // Compounds that are written as one word: Bestätigungscode, смскод.
    private static readonly string[] NounEndings =
        [.. "code kod код codes kodi kodu kodunuz koodi koden пароль passwort".Split(' ').SelectMany(Latin.Spellings).Select(Folded)];

    private static readonly string[] ActionEndings = [.. "ния ции тия ки".Split(' ').SelectMany(Latin.Spellings).Select(Folded)];

    // By the first two letters of a stem; stems of one letter by it alone.
    private static readonly FrozenDictionary<int, Stem[]> Stems = Read();

    public static Roles RolesOf(ReadOnlySpan<char> folded)
    {
        var roles = Longest(folded);

        roles = roles == Roles.None && IsAction(folded) ? Roles.Purpose : roles;
        return (roles & (Roles.Noun | Roles.Other | Roles.Promo)) == 0 && IsCompound(folded) ? roles | Roles.Noun
            : roles == Roles.None && IsMask(folded) ? Roles.Card : roles;
    }

    private static Roles Longest(ReadOnlySpan<char> folded)
    {
        if (Stems.TryGetValue(Key(folded), out var stems))
        {
            // Sorted by length: the first that fits is the longest.
            foreach (var stem in stems)
            {
                if (folded.StartsWith(stem.Text) && (!stem.IsWhole || folded.Length == stem.Text.Length))
                {
                    return stem.Roles;
                }
            }
        }

        return Roles.None;
    }

    private static int Key(ReadOnlySpan<char> text) => text.Length == 1 ? text[0] : text[0] | (text[1] << 16);

    /// <summary>A noun of an action in the genitive: (код) разблокировки, заселения. Nouns of things end otherwise.</summary>
    private static bool IsAction(ReadOnlySpan<char> folded) => EndsWithAny(folded, ActionEndings);

    private static bool IsCompound(ReadOnlySpan<char> folded) => EndsWithAny(folded, NounEndings);

    private static bool EndsWithAny(ReadOnlySpan<char> folded, string[] endings)
    {
        if (folded.Length < 6)
        {
            return false;
        }

        foreach (var ending in endings)
        {
            if (folded.EndsWith(ending))
            {
                return true;
            }
        }

        return false;
    }

    // The hidden digits of a card: XXXX1234.
    private static bool IsMask(ReadOnlySpan<char> folded) => folded.Length > 1 && !folded.ContainsAnyExcept('x');

    private static string Folded(string text) => string.Concat(text.Where(letter => letter != '\'').Select(Letters.Fold));

    private static FrozenDictionary<int, Stem[]> Read()
    {
        var roles = new Dictionary<string, Roles>();
        foreach (var (role, stems) in Words.All)
        {
            foreach (var stem in stems.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).SelectMany(Latin.Spellings).Select(Folded))
            {
                roles[stem] = roles.GetValueOrDefault(stem) | role;
            }
        }

        // A word has the roles of every stem that it begins with, so that the longest one knows them all.
        return roles
            .Select(stem => new Stem(stem.Key.TrimEnd('='), stem.Key.EndsWith('='), stem.Value == Roles.None ? Roles.None : roles
                .Where(shorter => stem.Key == shorter.Key || (!shorter.Key.EndsWith('=') && stem.Key.StartsWith(shorter.Key, StringComparison.Ordinal)))
                .Aggregate(Roles.None, (all, shorter) => all | shorter.Value)))
            .GroupBy(stem => Key(stem.Text))
            .ToFrozenDictionary(
                group => group.Key,
                group => group.OrderByDescending(stem => stem.Text.Length).ThenByDescending(stem => stem.IsWhole).ToArray());
    }

    private sealed record Stem(string Text, bool IsWhole, Roles Roles);
}
