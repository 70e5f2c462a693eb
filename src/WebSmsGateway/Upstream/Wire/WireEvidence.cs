namespace WebSmsGateway.Upstream.Wire;

/// <summary>What is known of an answer beyond its characters.</summary>
/// <param name="transportEnd">What the transport showed of the end of the body. It is the only proof that TXT has.</param>
/// <param name="characters">The answer as UTF-8, and how far its characters are certain.</param>
/// <param name="work">Counts what is looked at, and ends the reading at its deadline.</param>
internal readonly struct WireEvidence(WireEnd transportEnd, WireCharacters characters, WireWork work)
{
    public WireEnd TransportEnd { get; } = transportEnd;

    public WireCharacters Characters { get; } = characters;

    public WireWork Work { get; } = work;

    public WireBytes Bytes => new(Characters.Utf8.Span, Work);
}
