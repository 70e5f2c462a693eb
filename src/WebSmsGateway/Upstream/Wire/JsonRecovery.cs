using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Reads JSON that is none: cut, or with texts that were not escaped. The anchors are the vendor's order of fields, with the date
/// first and the message last, and the border between records: <c>"}</c>, then <c>,{"sms_date":</c> or the end of the answer.
/// A text that was escaped cannot hold that border, because the quotes of its own would have backslashes.
/// </summary>
internal ref struct JsonRecovery
{
    private readonly WireBytes utf8;
    private readonly WireDocumentBuilder builder;
    private readonly bool reportsEscapes;
    private readonly ReadOnlySpan<byte> closers;
    private readonly int first;
    private bool holdsEscapes;
    private bool holdsUnescaped;
    private bool isEndOpen;

    private JsonRecovery(WireEvidence evidence, bool reportsEscapes)
    {
        this.reportsEscapes = reportsEscapes;
        builder = new WireDocumentBuilder(WireFormat.Json, evidence);
        var bytes = evidence.Bytes;
        first = JsonFrame.FindRecord(bytes, 0);
        closers = JsonFrame.ClosersOf(bytes[..(first < 0 ? bytes.Length : first)]);
        var end = first < 0 ? -1 : JsonFrame.FindEnd(bytes, first, closers);
        utf8 = end < 0 || JsonFrame.FindRecord(bytes, end) >= 0 ? bytes : bytes[..end];
    }

    public static WireDocument Read(WireEvidence evidence)
    {
        var recovery = new JsonRecovery(evidence, reportsEscapes: false);
        var document = recovery.Read();
        if (!recovery.holdsEscapes || !recovery.holdsUnescaped)
        {
            return document;
        }

        // One text shows a writer that does not escape, so what looks like an escape in the others may be the sender's own.
        return new JsonRecovery(evidence, reportsEscapes: true).Read();
    }

    private WireDocument Read()
    {
        ReadHead(utf8[..(first < 0 ? utf8.Length : first)]);
        var at = first;
        while (at >= 0 && at < utf8.Length)
        {
            at = ReadRecord(at);
        }

        return builder.Build(at < 0 ? WireEnd.Cut : isEndOpen ? WireEnd.Unproven : WireEnd.Proven, wasRecovered: true);
    }

    /// <summary>Reads the record at a brace.</summary>
    /// <returns>Where the next one begins; the length after a proven end; -1 where the answer breaks off.</returns>
    private int ReadRecord(int brace)
    {
        var fields = new WireFields();
        var at = brace + 1;
        while (JsonFragment.TryReadKey(utf8, ref at, out var field))
        {
            if (field == WireField.Message && utf8.Has(at, (byte)'"'))
            {
                fields.Take(field, default);
                return ReadText(at + 1, fields);
            }

            if (!JsonFragment.TryReadValue(utf8, ref at, out var value))
            {
                break;
            }

            fields.Take(field, value);
            at = utf8.SkipWhite(at);
            if (utf8.Has(at, (byte)'}') && (NextRecord(at) is var next && (next >= 0 || IsLast(at))))
            {
                builder.Add(fields, "");
                return next;
            }

            if (!utf8.Has(at, (byte)','))
            {
                break;
            }

            at++;
        }

        builder.AddUnreadable(fields.Date);
        return Resume(brace);
    }

    /// <summary>Where reading goes on behind a record whose short fields are damaged.</summary>
    private readonly int Resume(int brace)
    {
        // Up to the record's own text nothing comes from a sender: what opens a record there is one. Behind it only a border counts.
        var opened = JsonFrame.FindRecord(utf8, brace + 1);
        if (opened >= 0 && utf8[brace..opened].Find("\"message\""u8, 0) < 0)
        {
            return opened;
        }

        FindBorder(brace + 1, mustEndText: false, out var resumed);
        return resumed;
    }

    private int ReadText(int start, WireFields fields)
    {
        var end = FindBorder(start, mustEndText: true, out var next);
        if (end < 0)
        {
            builder.AddUnreadable(fields.Date);
            return -1;
        }

        // A quote in the text, or a backslash that escapes nothing, shows a writer that escapes nothing. The quote at the end is
        // bare, so a backslash before it is another such sign.
        var raw = utf8[start..end];
        var isQuoted = JsonFragment.FindBareQuote(raw, 0) >= 0;
        var isEscaped = JsonFragment.IsEscaped(utf8, end, start);
        if (isQuoted || isEscaped || JsonText.HoldsBareBackslash(raw))
        {
            holdsUnescaped = true;
            isEndOpen = isEscaped && next == utf8.Length;
            var isAmbiguous = next < 0 || isEndOpen || HoldsSyntax(raw)
                || (!isQuoted && (raw.Find("\\\""u8, 0) >= 0 || raw.Find("\\\\"u8, 0) >= 0));
            builder.Add(fields, Encoding.UTF8.GetString(raw), isAmbiguous);
            return next;
        }

        var isEscaping = raw.Find((byte)'\\', 0) >= 0;
        holdsEscapes |= isEscaping;
        var text = JsonText.Unescape(raw, out var isDamaged);
        builder.Add(fields, text, next < 0 || (isEscaping && reportsEscapes), isDamaged);
        return next;
    }

    private static bool HoldsSyntax(WireBytes raw)
    {
        for (var at = JsonFragment.FindBareQuote(raw, 0); at >= 0; at = JsonFragment.FindBareQuote(raw, at + 1))
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

    /// <summary>
    /// The next border of two records, or the end of the last one. Where the answer is cut, that is the last brace: nothing shows
    /// whether the text ends there.
    /// </summary>
    /// <returns>Where the text before it ends, or -1.</returns>
    private readonly int FindBorder(int from, bool mustEndText, out int next)
    {
        var last = -1;
        for (var brace = utf8.Find((byte)'}', from); brace >= 0; brace = utf8.Find((byte)'}', brace + 1))
        {
            var end = utf8.SkipBefore(brace, from, WireBytes.White);
            var endsText = end > from && utf8[end - 1] == '"';
            if (endsText || !mustEndText)
            {
                next = NextRecord(brace);
                if (next >= 0)
                {
                    return end - 1;
                }

                last = endsText && !JsonFragment.IsEscaped(utf8, end - 1, from) ? end - 1 : last;
            }
        }

        next = -1;
        return last;
    }

    /// <summary>Whether nothing behind a brace can be the end of the same record.</summary>
    private readonly bool IsLast(int brace) => utf8.Find((byte)'}', brace + 1) < 0;

    private readonly int NextRecord(int brace)
    {
        var at = utf8.SkipWhite(brace + 1);
        if (utf8.Has(at, (byte)','))
        {
            at = utf8.SkipWhite(at + 1);
            return JsonFrame.IsRecord(utf8, at) ? at : -1;
        }

        return JsonFrame.SkipClosers(utf8, at, closers) == utf8.Length ? utf8.Length : -1;
    }

    /// <summary>The verdict of an error object that breaks off, or of a wrapper around records.</summary>
    private readonly void ReadHead(WireBytes head)
    {
        var fields = new WireFields();
        var isDamaged = false;
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
                isDamaged = first >= 0;
                break;
            }

            quote = at;
        }

        if (fields.HasVerdict)
        {
            builder.AddVerdict(fields.ErrorNumber, fields.ErrorMessage);
        }
        else if (isDamaged || fields.Has(WireField.Date) || fields.Has(WireField.RentNum)
            || fields.Has(WireField.TelNum) || fields.Has(WireField.Message))
        {
            // The first record, without its beginning.
            builder.AddUnreadable(fields.Date);
        }
    }
}
