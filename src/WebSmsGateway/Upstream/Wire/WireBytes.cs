using System.Buffers;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Bytes of an answer. The parsers search them only through here, so that every step is counted.</summary>
internal readonly ref struct WireBytes(ReadOnlySpan<byte> span, WireWork work)
{
    private readonly WireWork work = work;

    public static ReadOnlySpan<byte> White => " \r\n\t"u8;

    public ReadOnlySpan<byte> Span { get; } = span;

    public int Length => Span.Length;

    public byte this[int at] => Span[at];

    public static implicit operator ReadOnlySpan<byte>(WireBytes bytes) => bytes.Span;

    public static bool IsWhite(byte b) => b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    public WireBytes Slice(int start, int length) => new(Span.Slice(start, length), work);

    public bool Has(int at, byte expected) => at < Span.Length && Span[at] == expected;

    public bool StartsWith(int at, ReadOnlySpan<byte> expected) => Span[at..].StartsWith(expected);

    /// <summary>First place from <paramref name="at"/> on that is not white space; the length where there is none.</summary>
    public int SkipWhite(int at)
    {
        var start = at;
        while (at < Span.Length && IsWhite(Span[at]))
        {
            at++;
        }

        work.Add(at - start + 1);
        return at;
    }

    /// <summary>Where the bytes of a kind begin that stand before <paramref name="at"/>, but not before <paramref name="from"/>.</summary>
    public int SkipBefore(int at, int from, ReadOnlySpan<byte> kind)
    {
        var end = from + Span[from..at].TrimEnd(kind).Length;
        work.Add(at - end + 1);
        return end;
    }

    /// <summary>Where a byte stands next, or -1.</summary>
    public int Find(byte wanted, int from) => from < Span.Length ? Found(from, Span[from..].IndexOf(wanted)) : -1;

    /// <summary>Where a byte stands last before a place, or -1.</summary>
    public int FindLast(byte wanted, int before)
    {
        var found = Span[..before].LastIndexOf(wanted);
        work.Add(before - Math.Max(found, 0));
        return found;
    }

    /// <summary>Where one of some bytes stands next, or -1.</summary>
    public int Find(SearchValues<byte> wanted, int from) => from < Span.Length ? Found(from, Span[from..].IndexOfAny(wanted)) : -1;

    /// <summary>Where a word stands next, or -1.</summary>
    public int Find(ReadOnlySpan<byte> wanted, int from) => from < Span.Length ? Found(from, Span[from..].IndexOf(wanted)) : -1;

    private int Found(int from, int length)
    {
        work.Add(length < 0 ? Span.Length - from : length + 1);
        return length < 0 ? -1 : from + length;
    }
}
