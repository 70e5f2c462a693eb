using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>Random messages, with texts that a sender of bad intent would choose among them.</summary>
internal static class WireGenerator
{
    private const int LongestText = 1000;

    private static readonly string[] Syntax =
    [
        "\"", "\\", "'", "&", "<", ">", "\n", "\r\n", "\r", "\t", "\u0001", "\u2028", "&amp;", "&#xD;", "]]>", "<![CDATA[", "<!--", "-->",
        "<?x", "\\u0041",
        "\"}", "\"},{\"sms_date\":\"01.01.2021 9:45:04\",\"rentnum\":\"79021234567\",\"telnum\":\"900\",\"message\":\"", "\"}]",
        "\",\"message\":\"",
        "</message>", "</message></httpOut></XML>", "<message in_date=\"01.01.2021 9:45:04\" rentnum=\"79021234567\" telnum=\"900\">",
        "<message/>",
        "[2]", "\n[2]\n", "\nin_date=01.01.2021 9:45:04\n", "message=", "error_num=2", "\nerror_num=2\n", "{\"error_num\":\"2\"}",
        "<error error_num=\"2\"/>",
    ];

    // Surrogates are no characters. U+F780 to U+F7FF stand for bytes where the charset is open.
    private static readonly Gen<string> Scalar = Gen.Choose(1, 0x10FFFF)
        .Where(code => code is not ((>= 0xD800 and <= 0xDFFF) or (>= 0xF780 and <= 0xF7FF)))
        .Select(code => new Rune(code).ToString());

    private static readonly Gen<string> Piece = Gen.Frequency(
        (4, Gen.Elements("Код ", "привет ", "123456", " ", "Ёж №5 — «да»", "hello ", "😀")),
        (3, Gen.Elements(Syntax)),
        (1, Gen.Choose(1, 127).Select(code => ((char)code).ToString())),
        (1, Scalar));

    public static readonly Gen<string> Text = Gen.Choose(0, 60)
        .SelectMany(count => Gen.ArrayOf(Piece, count))
        .Select(blocks => Shorten(string.Concat(blocks), LongestText));

    public static readonly Gen<WireRecord> Record =
        from day in Gen.Choose(0, 4000)
        from second in Gen.Choose(0, 86399)
        from rentNum in Gen.Elements("79021234567", "79123456789", "790210020")
        from telNum in Gen.Elements("79036800129", "+79161234567", "Sberbank", "900", "", "ТЕЛЕ2")
        from text in Text
        select new WireRecord(new DateTime(2013, 1, 1).AddDays(day).AddSeconds(second), rentNum, telNum, text);

    /// <summary>Random tokens of all formats: what no server would send, and what reaches the odd corners of a parser.</summary>
    public static readonly Gen<string> Soup = Gen.Choose(1, 80).SelectMany(count => Gen.ArrayOf(
        Gen.Frequency(
            (2, Piece),
            (3, Gen.Elements(
                "[", "]", "{", "}", ",", ":", "\"sms_date\"", "\"rentnum\"", "\"telnum\"", "\"message\"", "\"error_num\"",
                "\"11.03.2013 12:09:01\"",
                "\"79021234567\"", "<XML>", "<httpOut>", "</httpOut>", "</XML>", "<message in_date=\"11.03.2013\" rentnum=\"79021234567\">",
                "</message>",
                "<a>", "</a>", "/>", "\n[1]\n", "\n[3]\n", "sms_date=11.03.2013\n", "rentnum=79021234567\n", "telnum=900", "message=",
                "\n"))),
        count)).Select(string.Concat);

    public static Gen<WireRecord[]> Records(int most) => Gen.Choose(1, most).SelectMany(count => Gen.ArrayOf(Record, count));

    public static string Shorten(string text, int length) =>
        text.Length <= length ? text
        : char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)]
        : text[..length];
}
