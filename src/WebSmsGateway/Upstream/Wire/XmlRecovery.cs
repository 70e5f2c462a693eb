using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Reads XML by its anchors, for answers that are cut or not well-formed: <c>&lt;message</c> with a date and a number, then the text up to
/// a <c>&lt;/message&gt;</c> behind which the next such tag follows, or nothing but closing tags to the end.
/// </summary>
internal static class XmlRecovery
{
    /// <param name="utf8">The answer.</param>
    /// <param name="nestedIsText">
    /// Whether the answer is well-formed and has elements inside messages. Then a message ends where its own tag closes,
    /// and messages inside it are part of its text.
    /// </param>
    /// <param name="isWhole">Whether well-formedness has proven the end already.</param>
    /// <param name="builder">Takes what is found.</param>
    public static WireDocument Read(ReadOnlySpan<byte> utf8, bool nestedIsText, bool isWhole, WireDocumentBuilder builder)
    {
        var at = ReadHead(utf8, builder, out var root);
        while (at >= 0 && at < utf8.Length)
        {
            at = ReadRecord(utf8, at, root, nestedIsText, builder);
        }

        return builder.Build(isWhole || at == utf8.Length, wasRecovered: true);
    }

    /// <summary>Reads the verdict before the first message.</summary>
    /// <returns>Where that message is; the length after a proven end; -1 where there is neither.</returns>
    private static int ReadHead(ReadOnlySpan<byte> utf8, WireDocumentBuilder builder, out ReadOnlySpan<byte> root)
    {
        root = default;
        var closersKnownUntil = 0;
        for (var at = utf8.Find((byte)'<', 0); at >= 0; at = utf8.Find((byte)'<', at + 1))
        {
            if (!XmlTag.TryRead(utf8, at, out var tag))
            {
                continue;
            }

            if (tag.OpensRecord)
            {
                return at;
            }

            if (root.IsEmpty && !tag.IsClosing)
            {
                root = tag.Name;
            }

            if (tag.Fields.HasVerdict && !tag.IsMessage)
            {
                builder.AddVerdict(tag.Fields.ErrorNumber, tag.Fields.ErrorMessage);
            }
            else if (!tag.IsClosing && !tag.IsEmpty && WireFields.Of(tag.Name) == WireField.ErrorNumber)
            {
                var length = utf8[tag.End..].IndexOf((byte)'<');
                builder.AddVerdict(length < 0 ? default : utf8.Slice(tag.End, length), default);
            }
            else if (tag.IsMessage && (tag.IsClosing || tag.IsEmpty) && !builder.IsError)
            {
                // A message without its beginning.
                builder.AddUnreadable(tag.Fields.Date);
            }
            else if (tag.IsClosing && at >= closersKnownUntil && ClosesAll(utf8, at, root, out closersKnownUntil))
            {
                return utf8.Length;
            }
        }

        return -1;
    }

    private static int ReadRecord(
        ReadOnlySpan<byte> utf8, int start, ReadOnlySpan<byte> root, bool nestedIsText, WireDocumentBuilder builder)
    {
        XmlTag.TryRead(utf8, start, out var tag);
        if (tag.IsEmpty)
        {
            var follows = NextRecord(utf8, tag.End, root);
            if (follows >= 0)
            {
                builder.Add(tag.Fields, "");
                return follows;
            }
        }

        var end = FindEnd(utf8, tag.End, root, nestedIsText, out var next);
        if (end < 0 || tag.IsEmpty)
        {
            builder.AddUnreadable(tag.Fields.Date);
            return next;
        }

        var raw = utf8[tag.End..end];
        var text = XmlText.ReadLenient(raw, out var isDamaged);
        builder.Add(tag.Fields, text, HoldsTag(raw), isDamaged);
        return next;
    }

    private static int FindEnd(ReadOnlySpan<byte> utf8, int from, ReadOnlySpan<byte> root, bool nestedIsText, out int next)
    {
        var depth = 0;
        for (var at = utf8.Find((byte)'<', from); at >= 0; at = utf8.Find((byte)'<', at + 1))
        {
            if (nestedIsText && utf8[at..].StartsWith(XmlTag.CDataStart))
            {
                at += Math.Max(utf8[at..].IndexOf(XmlTag.CDataEnd), 0);
                continue;
            }

            if (!XmlTag.TryRead(utf8, at, out var tag) || !tag.IsMessage)
            {
                continue;
            }

            if (nestedIsText && (depth > 0 || !tag.IsClosing))
            {
                depth += tag.IsEmpty ? 0 : tag.IsClosing ? -1 : 1;
            }
            else if (tag.IsClosing && NextRecord(utf8, tag.End, root) is >= 0 and var found)
            {
                next = found;
                return at;
            }
        }

        next = -1;
        return -1;
    }

    /// <returns>Where the record begins that follows; the length where the rest only closes what was open; -1 otherwise.</returns>
    private static int NextRecord(ReadOnlySpan<byte> utf8, int after, ReadOnlySpan<byte> root)
    {
        var at = utf8.SkipWhite(after);
        return (XmlTag.TryRead(utf8, at, out var tag) && tag.OpensRecord) ? at
            : ClosesAll(utf8, at, root, out _) ? utf8.Length
            : -1;
    }

    private static bool ClosesAll(ReadOnlySpan<byte> utf8, int at, ReadOnlySpan<byte> root, out int stoppedAt)
    {
        stoppedAt = at;
        ReadOnlySpan<byte> last = default;
        while (at < utf8.Length)
        {
            if (!XmlTag.TryRead(utf8, at, out var tag) || !tag.IsClosing || tag.IsMessage)
            {
                return false;
            }

            last = tag.Name;
            at = utf8.SkipWhite(tag.End);
            stoppedAt = at;
        }

        return !last.IsEmpty && Ascii.EqualsIgnoreCase(last, root);
    }

    private static bool HoldsTag(ReadOnlySpan<byte> raw)
    {
        for (var at = raw.Find((byte)'<', 0); at >= 0; at = raw.Find((byte)'<', at + 1))
        {
            if (XmlTag.TryRead(raw, at, out var tag) && tag.IsMessage)
            {
                return true;
            }
        }

        return false;
    }
}
