using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Reads JSON that is none: cut, or with texts that were not escaped. The anchors are the vendor's order of fields, with the date
/// first and the message last, and the border between records: <c>"}</c>, then <c>,{"sms_date":</c> or the end of the answer.
/// A text that was escaped cannot hold that border, because the quotes of its own would have backslashes.
/// </summary>
internal static class JsonRecovery
{
    public static WireDocument Read(ReadOnlySpan<byte> utf8, WireDocumentBuilder builder)
    {
        var at = FindRecord(utf8, 0);
        var head = utf8[..(at < 0 ? utf8.Length : at)];
        ReadHead(head, builder);
        var closers = ClosersOf(head);
        while (at >= 0 && at < utf8.Length)
        {
            at = ReadRecord(utf8, at, closers, builder);
        }

        return builder.Build(isWhole: at == utf8.Length, wasRecovered: true);
    }

    /// <summary>Reads the record at a brace.</summary>
    /// <returns>Where the next one begins; the length after a proven end; -1 where the answer breaks off.</returns>
    private static int ReadRecord(ReadOnlySpan<byte> utf8, int brace, ReadOnlySpan<byte> closers, WireDocumentBuilder builder)
    {
        var fields = new WireFields();
        var isRepeating = false;
        var at = brace + 1;
        while (JsonFragment.TryReadKey(utf8, ref at, out var field))
        {
            if (field == WireField.Message && utf8.Has(at, (byte)'"'))
            {
                return ReadText(utf8, at + 1, closers, builder, ref fields, isRepeating);
            }

            if (!JsonFragment.TryReadValue(utf8, ref at, out var value))
            {
                break;
            }

            isRepeating |= !fields.Take(field, value);
            at = utf8.SkipWhite(at);
            if (utf8.Has(at, (byte)'}') && NextRecord(utf8, at, closers) is >= 0 and var next)
            {
                builder.Add(fields, "", isRepeating);
                return next;
            }

            if (!utf8.Has(at, (byte)','))
            {
                break;
            }

            at++;
        }

        builder.AddUnreadable(fields.Date);
        return Resume(utf8, brace, closers);
    }

    /// <summary>Where reading goes on behind a record whose short fields are damaged.</summary>
    private static int Resume(ReadOnlySpan<byte> utf8, int brace, ReadOnlySpan<byte> closers)
    {
        // Up to the record's own text nothing comes from a sender: what opens a record there is one. Behind it only a border counts.
        var opened = FindRecord(utf8, brace + 1);
        if (opened >= 0 && utf8[brace..opened].IndexOf("\"message\""u8) < 0)
        {
            return opened;
        }

        FindBorder(utf8, brace + 1, closers, mustEndText: false, out var resumed);
        return resumed;
    }

    private static int ReadText(
        ReadOnlySpan<byte> utf8, int start, ReadOnlySpan<byte> closers, WireDocumentBuilder builder, ref WireFields fields,
        bool isRepeating)
    {
        var end = FindBorder(utf8, start, closers, mustEndText: true, out var next);
        if (end < 0)
        {
            builder.AddUnreadable(fields.Date);
            return -1;
        }

        fields.Mark(WireField.Message);
        var raw = utf8[start..end];
        var text = JsonText.ReadLenient(raw, out var isDamaged);
        builder.Add(fields, text, isRepeating || HoldsSyntax(raw), isDamaged);
        return next;
    }

    private static bool HoldsSyntax(ReadOnlySpan<byte> raw)
    {
        for (var at = JsonText.FindBareQuote(raw, 0); at >= 0; at = JsonText.FindBareQuote(raw, at + 1))
        {
            var follows = raw.SkipWhite(at + 1);
            if (raw.Has(follows, (byte)':') || raw.Has(follows, (byte)'}')
                || (raw.Has(follows, (byte)',') && raw.Has(raw.SkipWhite(follows + 1), (byte)'"')))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The next border of two records, or the end of the last one.</summary>
    /// <returns>Where the text before it ends, or -1.</returns>
    private static int FindBorder(ReadOnlySpan<byte> utf8, int from, ReadOnlySpan<byte> closers, bool mustEndText, out int next)
    {
        for (var brace = utf8.Find((byte)'}', from); brace >= 0; brace = utf8.Find((byte)'}', brace + 1))
        {
            var end = from + Ascii.TrimEnd(utf8[from..brace]).End.Value;
            var endsText = end > from && utf8[end - 1] == '"';
            if ((endsText || !mustEndText) && NextRecord(utf8, brace, closers) is >= 0 and var found
                && (found < utf8.Length || !endsText || !IsEscaped(utf8, end - 1, from)))
            {
                next = found;
                return end - 1;
            }
        }

        next = -1;
        return -1;
    }

    // Where no record follows, an escaped quote may as well be part of a text in which the answer breaks off.
    private static bool IsEscaped(ReadOnlySpan<byte> utf8, int quote, int from)
    {
        var before = utf8[from..quote];
        return (before.Length - before.TrimEnd((byte)'\\').Length) % 2 == 1;
    }

    private static int NextRecord(ReadOnlySpan<byte> utf8, int brace, ReadOnlySpan<byte> closers)
    {
        var at = utf8.SkipWhite(brace + 1);
        if (utf8.Has(at, (byte)','))
        {
            at = utf8.SkipWhite(at + 1);
            return IsRecord(utf8, at) ? at : -1;
        }

        foreach (var closer in closers)
        {
            if (!utf8.Has(at, closer))
            {
                return -1;
            }

            at = utf8.SkipWhite(at + 1);
        }

        return at == utf8.Length ? at : -1;
    }

    private static int FindRecord(ReadOnlySpan<byte> utf8, int from)
    {
        var at = utf8.Find((byte)'{', from);
        while (at >= 0 && !IsRecord(utf8, at))
        {
            at = utf8.Find((byte)'{', at + 1);
        }

        return at;
    }

    private static bool IsRecord(ReadOnlySpan<byte> utf8, int brace)
    {
        var at = brace + 1;
        return utf8.Has(brace, (byte)'{') && JsonFragment.TryReadKey(utf8, ref at, out var field) && field == WireField.Date;
    }

    /// <summary>The verdict of an error object that breaks off, or of a wrapper around records.</summary>
    private static void ReadHead(ReadOnlySpan<byte> head, WireDocumentBuilder builder)
    {
        var fields = new WireFields();
        for (var quote = head.Find((byte)'"', 0); quote >= 0; quote = head.Find((byte)'"', quote))
        {
            var at = quote;
            if (JsonFragment.TryReadKey(head, ref at, out var field) && field != WireField.Unknown
                && JsonFragment.TryReadValue(head, ref at, out var value))
            {
                fields.Take(field, value);
            }

            if (at == quote)
            {
                // Nothing closes this string: none of the quotes behind it is a string's beginning.
                break;
            }

            quote = at;
        }

        if (fields.HasVerdict)
        {
            builder.AddVerdict(fields.ErrorNumber, fields.ErrorMessage);
        }
        else if (fields.Has(WireField.Date) || fields.Has(WireField.RentNum)
            || fields.Has(WireField.TelNum) || fields.Has(WireField.Message))
        {
            // The first record, without its beginning.
            builder.AddUnreadable(fields.Date);
        }
    }

    /// <summary>What has to close after the last record, given what opened before the first.</summary>
    private static ReadOnlySpan<byte> ClosersOf(ReadOnlySpan<byte> head)
    {
        var closers = new List<byte>();
        for (var at = 0; at >= 0 && at < head.Length && closers.Count <= 16; at++)
        {
            if (head[at] == '"')
            {
                at = JsonText.FindBareQuote(head, at + 1);
                if (at < 0)
                {
                    break;
                }
            }
            else if (head[at] is (byte)'[' or (byte)'{')
            {
                closers.Insert(0, head[at] == '[' ? (byte)']' : (byte)'}');
            }
            else if (closers.Count > 0 && head[at] == closers[0])
            {
                closers.RemoveAt(0);
            }
        }

        return closers.ToArray();
    }
}
