using System.Buffers;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>What stands around the records of an answer in JSON: where the first begins, and what has to close behind the last.</summary>
internal static class JsonFrame
{
    // No UTF-8 holds this byte.
    private const byte NoByte = 0xFF;

    // What stands in JSON outside of strings, besides brackets.
    private static readonly SearchValues<byte> Harmless = SearchValues.Create(" \r\n\t,:-.0123456789truefalsenull"u8);

    /// <summary>Whether a record begins or ends behind what strict reading took for the end of the answer.</summary>
    public static bool HoldsRecords(WireBytes utf8, int end)
    {
        if (utf8.SkipWhite(end) == utf8.Length)
        {
            return false;
        }

        var first = FindRecord(utf8, 0);
        return FindRecord(utf8, end) >= 0 || (first >= 0 && FindEnd(utf8, end, ClosersOf(utf8[..first])) >= 0);
    }

    /// <summary>What has to close after the last record, given what opened before the first.</summary>
    public static ReadOnlySpan<byte> ClosersOf(WireBytes head)
    {
        var closers = new List<byte>();
        for (var at = 0; at < head.Length; at++)
        {
            if (head[at] is (byte)'[' or (byte)'{' && closers.Count <= 16)
            {
                closers.Insert(0, head[at] == '[' ? (byte)']' : (byte)'}');
            }
            else if (closers.Count > 0 && head[at] == closers[0])
            {
                closers.RemoveAt(0);
            }
            else if (head[at] == '"' && JsonFragment.FindBareQuote(head, at + 1) is >= 0 and var end)
            {
                at = end;
            }
            else if (!Harmless.Contains(head[at]))
            {
                // Not the beginning of JSON, so nothing proves its end.
                return [NoByte];
            }
        }

        return closers.ToArray();
    }

    /// <summary>
    /// The last place where the answer can end: behind <c>"}</c> and what has to close. An escaped quote may as well be part of a
    /// text in which the answer breaks off, so it counts only where nothing follows.
    /// </summary>
    public static int FindEnd(WireBytes utf8, int from, ReadOnlySpan<byte> closers)
    {
        var (last, isOpen) = (-1, false);
        for (var brace = utf8.Find((byte)'}', from); brace >= 0; brace = utf8.Find((byte)'}', brace + 1))
        {
            var quote = utf8.SkipBefore(brace, from, WireBytes.White) - 1;
            if (quote < from || utf8[quote] != '"')
            {
                continue;
            }

            var (end, isEscaped) = (SkipClosers(utf8, brace + 1, closers), JsonFragment.IsEscaped(utf8, quote, from));
            if (end >= 0 && (!isEscaped || IsNothing(utf8, end)))
            {
                (last, isOpen) = (end, isEscaped);
            }
            else if (isOpen && !isEscaped)
            {
                // The record ends here, so what looked like the end before is part of its text.
                (last, isOpen) = (-1, false);
            }
        }

        return last;
    }

    /// <summary>The place behind the closers and the white space that follows; -1 where one is missing.</summary>
    public static int SkipClosers(WireBytes utf8, int at, ReadOnlySpan<byte> closers)
    {
        at = utf8.SkipWhite(at);
        foreach (var closer in closers)
        {
            if (!utf8.Has(at, closer))
            {
                return -1;
            }

            at = utf8.SkipWhite(at + 1);
        }

        return at;
    }

    public static int FindRecord(WireBytes utf8, int from)
    {
        var at = utf8.Find((byte)'{', from);
        while (at >= 0 && !IsRecord(utf8, at))
        {
            at = utf8.Find((byte)'{', at + 1);
        }

        return at;
    }

    public static bool IsRecord(WireBytes utf8, int brace)
    {
        var at = brace + 1;
        return utf8.Has(brace, (byte)'{') && JsonFragment.TryReadKey(utf8, ref at, out var field) && field == WireField.Date;
    }

    /// <summary>Whether nothing stands at a place but NULs or a comment of the server.</summary>
    private static bool IsNothing(WireBytes utf8, int at) => at == utf8.Length || utf8[at] == 0 || utf8.StartsWith(at, "<!--"u8);
}
