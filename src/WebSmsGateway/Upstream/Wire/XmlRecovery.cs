using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Reads XML by its anchors, for answers that are cut or not well-formed: <c>&lt;message</c> with a date and a number, then the text up to
/// a <c>&lt;/message&gt;</c> behind which the next such tag follows, or nothing but closing tags to the end.
/// </summary>
/// <param name="utf8">The answer, from its first tag to its end.</param>
/// <param name="nestedIsText">
/// Whether the answer is well-formed and has elements inside messages. Then a message ends where its own tag closes,
/// and messages inside it are part of its text.
/// </param>
/// <param name="builder">Takes what is found.</param>
internal ref struct XmlRecovery(WireBytes utf8, bool nestedIsText, WireDocumentBuilder builder)
{
    private readonly WireBytes utf8 = utf8;
    private ReadOnlySpan<byte> root;

    /// <param name="isWhole">Whether well-formedness has proven the end already.</param>
    public WireDocument Read(bool isWhole)
    {
        var at = ReadHead();
        while (at >= 0 && at < utf8.Length)
        {
            at = ReadRecord(at);
        }

        return builder.Build(isWhole || at == utf8.Length ? WireEnd.Proven : WireEnd.Cut, wasRecovered: true);
    }

    /// <summary>Where the first tag behind all messages ends that closes the root; the length where there is none.</summary>
    public static int FindEnd(WireBytes utf8, int start)
    {
        var end = utf8.Length;
        var isTag = XmlTag.TryRead(utf8, start, out var opening);
        for (var at = utf8.FindLast((byte)'<', utf8.Length); isTag && at > start; at = utf8.FindLast((byte)'<', at))
        {
            if (XmlTag.TryRead(utf8, at, out var tag) && tag.IsMessage && !tag.Closes(opening.Name))
            {
                break;
            }

            end = tag.Closes(opening.Name) ? tag.End : end;
        }

        return end;
    }

    /// <summary>Reads the verdict before the first message.</summary>
    /// <returns>Where that message is; the length after a proven end; -1 where there is neither.</returns>
    private int ReadHead()
    {
        var closersKnownUntil = 0;
        var isEmpty = false;
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
                isEmpty = tag.IsEmpty;
            }

            if (tag.Fields.HasVerdict && !tag.IsMessage)
            {
                builder.AddVerdict(tag.Fields.ErrorNumber, tag.Fields.ErrorMessage);
            }
            else if (!tag.IsClosing && !tag.IsEmpty && WireFields.Of(tag.Name) is WireField.ErrorNumber or WireField.ErrorMessage)
            {
                var end = utf8.Find((byte)'<', tag.End);
                builder.AddVerdict(default, end < 0 ? default : utf8[tag.End..end]);
            }
            else if (tag.IsMessage && (tag.IsClosing || tag.IsEmpty) && !builder.IsError)
            {
                // A message without its beginning.
                builder.AddUnreadable(tag.Fields.Date);
            }
            else if (tag.IsClosing && at >= closersKnownUntil && ClosesAll(at, out closersKnownUntil))
            {
                return utf8.Length;
            }
        }

        // A root that is an empty element is complete by itself.
        return isEmpty ? utf8.Length : -1;
    }

    private readonly int ReadRecord(int start)
    {
        XmlTag.TryRead(utf8, start, out var tag);
        if (tag.IsEmpty && NextRecord(tag.End) is >= 0 and var follows)
        {
            builder.Add(tag.Fields, "");
            return follows;
        }

        var end = FindText(tag.End, out var next);
        if (end < 0 && tag.IsEmpty)
        {
            builder.Add(tag.Fields, "");
        }
        else if (end < 0 || tag.IsEmpty)
        {
            builder.AddUnreadable(tag.Fields.Date);
        }
        else
        {
            var raw = utf8[tag.End..end];
            var text = XmlText.ReadLenient(raw, out var isDamaged);
            builder.Add(tag.Fields, text, next < 0 || HoldsTag(raw), isDamaged);
        }

        return next;
    }

    /// <summary>
    /// Where the text ends that begins at a place. Where the answer is cut, that is the last tag that closes a message: nothing shows
    /// whether the text ends there.
    /// </summary>
    private readonly int FindText(int from, out int next)
    {
        var depth = 0;
        var last = -1;
        for (var at = utf8.Find((byte)'<', from); at >= 0; at = utf8.Find((byte)'<', at + 1))
        {
            if (nestedIsText && utf8.StartsWith(at, XmlTag.CDataStart))
            {
                at = Math.Max(utf8.Find(XmlTag.CDataEnd, at), at);
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
            else if (tag.IsClosing)
            {
                last = at;
                next = NextRecord(tag.End);
                if (next >= 0)
                {
                    return at;
                }
            }
        }

        next = -1;
        return last;
    }

    /// <returns>Where the record begins that follows; the length where the rest only closes what was open; -1 otherwise.</returns>
    private readonly int NextRecord(int after)
    {
        var at = utf8.SkipWhite(after);
        return XmlTag.TryRead(utf8, at, out var tag) && tag.OpensRecord ? at
            : ClosesAll(at, out _) ? utf8.Length
            : -1;
    }

    private readonly bool ClosesAll(int at, out int stoppedAt)
    {
        stoppedAt = at;
        var closesRoot = false;
        while (at < utf8.Length)
        {
            if (!XmlTag.TryRead(utf8, at, out var tag) || !tag.IsClosing || tag.IsMessage)
            {
                return false;
            }

            closesRoot = tag.Closes(root);
            at = utf8.SkipWhite(tag.End);
            stoppedAt = at;
        }

        return closesRoot;
    }

    private static bool HoldsTag(WireBytes raw)
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
