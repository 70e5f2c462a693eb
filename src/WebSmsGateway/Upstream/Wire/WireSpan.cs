namespace WebSmsGateway.Upstream.Wire;

/// <summary>Steps over the bytes of an answer.</summary>
internal static class WireSpan
{
    public static bool IsWhite(byte b) => b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    /// <summary>First place from <paramref name="at"/> on that is not white space; the length where there is none.</summary>
    public static int SkipWhite(this ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && IsWhite(bytes[at]))
        {
            at++;
        }

        return at;
    }

    public static bool Has(this ReadOnlySpan<byte> bytes, int at, byte expected) => at < bytes.Length && bytes[at] == expected;

    /// <summary>Where a byte stands next, or -1.</summary>
    public static int Find(this ReadOnlySpan<byte> bytes, byte wanted, int from)
    {
        var found = from < bytes.Length ? bytes[from..].IndexOf(wanted) : -1;
        return found < 0 ? -1 : from + found;
    }
}
