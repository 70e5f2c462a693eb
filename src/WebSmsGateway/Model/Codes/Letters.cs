namespace WebSmsGateway.Model.Codes;

/// <summary>
/// One spelling for what looks the same: small letters without accents, and of the look-alikes of Latin, Cyrillic and Greek the
/// Latin one. "КОД", "koд" with a Latin o and "Kоd" with a Cyrillic one fold alike.
/// </summary>
internal static class Letters
{
    private const int Size = 0x530;
    private static readonly char[] Folded = Table();

    public static char Fold(char letter)
    {
        var plain = Plain(letter);
        return plain < Size ? Folded[plain] : char.ToLowerInvariant(plain);
    }

    /// <summary>ASCII for its full-width forms.</summary>
    public static char Plain(char unit) => unit is >= '\uFF01' and <= '\uFF5E' ? (char)(unit - 0xFEE0) : unit;

    /// <summary>Signs without a width of their own, the variation selector and the keycap of emoji digits.</summary>
    public static bool IsInvisible(char unit) =>
        unit is '\u00AD' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F')
            or '\uFE0F' or '\uFEFF' or '\u20E3' or (>= '\u0300' and <= '\u036F');

    private static char[] Table()
    {
        var table = new char[Size];
        for (var i = 0; i < Size; i++)
        {
            table[i] = char.ToLowerInvariant((char)i);
        }

        // From U+00C0 to U+017F, a base letter for each; the two signs in between are × and ÷.
        const string latin =
            "aaaaaaaceeeeiiiidnooooo×ouuuuypsaaaaaaaceeeeiiiidnooooo÷ouuuuypy"
            + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllll"
            + "lnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
        latin.CopyTo(0, table, 0xC0, latin.Length);
        Pair("абвгдеёзийкмнорстухјѕіїўүұқҳғәөң", "aбbгдeeзииkmhopctyxjsiiyyykxгeoh");
        Pair("αεικνορτυχβηζμ", "aeikvoptyxbhzm");
        return table;

        void Pair(string from, string to)
        {
            for (var i = 0; i < from.Length; i++)
            {
                table[from[i]] = to[i];
                table[char.ToUpperInvariant(from[i])] = to[i];
            }
        }
    }
}
