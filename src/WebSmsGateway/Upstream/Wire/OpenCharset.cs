using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// The charset of an answer in which neither is clear. The bytes that are not ASCII go through the parsers one by one, each as a
/// private character, and each record is decoded when it is complete. So a damaged character never changes another record.
/// The same private character, written as an escape, would be taken for a byte: no SMS has one.
/// </summary>
/// <param name="isUtf8">What the whole answer is taken for.</param>
/// <param name="isDeclared">Whether the answer says so. Then it holds for every record.</param>
/// <param name="isCertain">Whether a record with too few signs of its own can be trusted to be the same.</param>
internal sealed class OpenCharset(bool isUtf8, bool isDeclared, bool isCertain)
{
    /// <returns>Whether the characters of the record are not certain.</returns>
    public bool Settle(ref string telNum, ref string text)
    {
        var bytes = BytesOf(telNum + "\n" + text);
        if (!bytes.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xFF))
        {
            return false;
        }

        var looksLikeUtf8 = CharsetWeight.Of(bytes).LooksLikeUtf8;
        var asUtf8 = isDeclared ? isUtf8 : looksLikeUtf8 ?? isUtf8;
        var isDamaged = false;
        telNum = Decode(telNum, asUtf8, ref isDamaged);
        text = Decode(text, asUtf8, ref isDamaged);
        return isDamaged || (looksLikeUtf8 is { } looks ? looks != isUtf8 : !isCertain);
    }

    private static bool IsCarried(char c) => c is >= SingleBytes.FirstCarried and <= SingleBytes.LastCarried;

    /// <summary>The carried bytes, with a space for everything else.</summary>
    private static byte[] BytesOf(string text) => [.. text.Select(c => IsCarried(c) ? (byte)c : (byte)' ')];

    private static string Decode(string text, bool asUtf8, ref bool isDamaged)
    {
        var decoded = new StringBuilder(text.Length);
        var bytes = BytesOf(text);
        for (var i = 0; i < text.Length;)
        {
            if (!asUtf8 || !IsCarried(text[i]))
            {
                decoded.Append(IsCarried(text[i]) ? SingleBytes.Windows1251[bytes[i]] : text[i]);
                i++;
                continue;
            }

            isDamaged |= !Utf8Damage.TryRead(bytes.AsSpan(i), out var rune, out var length);
            decoded.Append(rune.ToString());
            i += length;
        }

        return decoded.ToString();
    }
}
