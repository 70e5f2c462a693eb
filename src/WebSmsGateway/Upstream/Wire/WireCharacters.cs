namespace WebSmsGateway.Upstream.Wire;

/// <summary>The characters of an answer.</summary>
/// <param name="Utf8">The answer as UTF-8.</param>
/// <param name="MayHoldReplacements">Whether a U+FFFD in a text is most likely damage.</param>
/// <param name="Open">Decides the charset record by record; null where the whole answer is decided.</param>
internal readonly record struct WireCharacters(ReadOnlyMemory<byte> Utf8, bool MayHoldReplacements = false, OpenCharset? Open = null)
{
    /// <summary>Decides the characters of one record.</summary>
    /// <returns>Whether they are not certain.</returns>
    public bool Settle(ref string telNum, ref string text) => Open is not null
        ? Open.Settle(ref telNum, ref text)
        : MayHoldReplacements && (text.Contains('\uFFFD') || telNum.Contains('\uFFFD'));
}
