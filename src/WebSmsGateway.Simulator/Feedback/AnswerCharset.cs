using System.Text;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>Encodes answers.</summary>
internal static class AnswerCharset
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // A character that the code page lacks becomes a question mark, as at WEBSMS, and not a similar character.
    private static readonly Encoding Windows1251 =
        CodePagesEncodingProvider.Instance.GetEncoding(1251, new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback)!;

    public static Encoding Of(CharsetVariant charset) => charset.Name == WireCharset.Windows1251 ? Windows1251 : Utf8;

    /// <summary>The declared charset of the answer; empty if it declares none.</summary>
    public static string DeclaredName(CharsetVariant charset) =>
        charset.Declared ?? (charset.Name == WireCharset.Windows1251 ? "windows-1251" : "utf-8");
}
