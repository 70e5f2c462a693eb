namespace WebSmsGateway.Model.Codes;

/// <summary>
/// Codes that name the site they are for, as the WICG draft "Origin-bound one-time codes delivered via SMS" has them: the last line
/// is <c>@host #code</c>. The code is any run of characters other than white space and is given as it stands.
/// </summary>
internal static class OriginBound
{
    /// <summary>The draft to the letter: the last line, exactly one space, what trails is ignored.</summary>
    public static OneTimeCode? LastLine(ReadOnlySpan<char> text)
    {
        var line = text[(text.LastIndexOfAny('\n', '\r') + 1)..];
        return Read(line, exactly: true) is { } found ? found with { Confidence = CodeConfidence.High } : null;
    }

    /// <summary>The same in the middle of a text, or with more white space.</summary>
    public static OneTimeCode? Anywhere(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var isAtStart = text[at] == '@' && (at == 0 || char.IsWhiteSpace(text[at - 1]));
            if (isAtStart && Read(text[at..], exactly: false) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static OneTimeCode? Read(ReadOnlySpan<char> line, bool exactly)
    {
        if (line.IsEmpty || line[0] != '@')
        {
            return null;
        }

        var host = Run(line[1..]);
        var behind = line[(1 + host.Length)..];
        var code = exactly && behind is [' ', ..] ? behind[1..] : exactly ? [] : behind.TrimStart();
        if (code.Length == behind.Length || code is not ['#', ..] || !IsHost(host))
        {
            return null;
        }

        // In the middle of a text the mark may as well begin a topic (#sale), and a full stop may follow.
        var value = exactly ? Run(code[1..]) : Run(code[1..]).TrimEnd(".,;:!?)\"»");
        return value.IsEmpty || (!exactly && !value.ContainsAnyInRange('0', '9')) ? null
            : new OneTimeCode(value.ToString(), CodeConfidence.Medium, host.ToString().ToLowerInvariant());
    }

    private static ReadOnlySpan<char> Run(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(" \t\n\f\r");
        return end < 0 ? text : text[..end];
    }

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        var dots = 0;
        for (var i = 0; i < host.Length; i++)
        {
            var isDot = host[i] == '.';
            if (isDot && (i == 0 || i == host.Length - 1 || host[i - 1] == '.'))
            {
                return false;
            }

            if (!isDot && host[i] != '-' && !char.IsLetterOrDigit(host[i]))
            {
                return false;
            }

            dots += isDot ? 1 : 0;
        }

        return dots > 0;
    }
}
