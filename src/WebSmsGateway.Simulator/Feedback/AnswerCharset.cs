using System.Text;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>Characters to bytes.</summary>
internal static class AnswerCharset
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // What the code page lacks becomes a question mark, as it does at WEBSMS; no look-alikes.
    private static readonly Encoding Windows1251 =
        CodePagesEncodingProvider.Instance.GetEncoding(1251, new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback)!;

    public static Encoding Of(CharsetVariant charset) => charset.Name == WireCharset.Windows1251 ? Windows1251 : Utf8;

    /// <summary>The charset that the answer claims; empty where it claims none.</summary>
    public static string DeclaredName(CharsetVariant charset) =>
        charset.Declared ?? (charset.Name == WireCharset.Windows1251 ? "windows-1251" : "utf-8");
}
