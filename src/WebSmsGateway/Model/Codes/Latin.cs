using System.Collections.Frozen;

namespace WebSmsGateway.Model.Codes;

/// <summary>
/// The Latin spellings of a Cyrillic stem, as senders without Cyrillic write it: parol, podtverzhdeniya and podtverjdenija. An
/// apostrophe for a soft sign needs none of its own: tokens leave it out.
/// </summary>
internal static class Latin
{
    private const int Most = 48;

    private static readonly FrozenDictionary<char, string[]> Letters =
        ("а:a б:b в:v г:g д:d е:e ё:e ж:zh,j,z з:z и:i й:y,j,i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:h,kh,x ц:c,ts ч:ch "
            + "ш:sh щ:sch,shch,sh,w ъ: ы:y,i ь:,j э:e ю:yu,ju,iu я:ya,ja,ia і:i ї:yi,i є:ye,ie,e ґ:g ў:u қ:q,k ғ:g ң:n ө:o ұ:u ү:u ә:a ҳ:h")
        .Split(' ').Select(pair => pair.Split(':')).ToFrozenDictionary(pair => pair[0][0], pair => pair[1].Split(','));

    /// <summary>The stem itself, and its Latin spellings if it is Cyrillic.</summary>
    public static IEnumerable<string> Spellings(string stem)
    {
        List<string> spellings = [""];
        foreach (var letter in stem)
        {
            string[] written = Letters.TryGetValue(letter, out var latin) ? latin : [letter.ToString()];
            spellings = [.. spellings.SelectMany(start => written, (start, next) => start + next).Take(Most)];
        }

        return spellings.Prepend(stem).Distinct();
    }
}
