namespace WebSmsGateway.Upstream.Wire;

/// <summary>Where a block of the TXT form begins.</summary>
/// <param name="Number">The number in the brackets.</param>
/// <param name="At">Place of the opening bracket.</param>
/// <param name="Fields">Place of the first field's name.</param>
/// <param name="IsAmbiguous">Whether the block's text holds what looks like a block, or other blocks claim the same number.</param>
internal readonly record struct TxtStart(int Number, int At, int Fields, bool IsAmbiguous = false);

/// <summary>
/// Tells the blocks of a TXT answer from those that senders wrote into their texts. The answer's own are numbered from 1 without a
/// gap. A text stands behind its own block's number and before the next one's, so among several blocks of one number the last
/// that keeps the chain whole is taken. That is a choice, not a proof: all that it concerns is marked ambiguous.
/// </summary>
internal static class TxtChain
{
    public static List<TxtStart> Find(WireBytes bytes)
    {
        var candidates = FindCandidates(bytes);
        if (candidates.Count == 0 || candidates[0].Number != 1)
        {
            return [];
        }

        var due = 1;
        foreach (var candidate in candidates)
        {
            due += candidate.Number == due ? 1 : 0;
        }

        // From the end, so that the last candidate of each number is met first.
        var chain = new List<TxtStart>(due - 1);
        var wanted = due - 1;
        var holdsBlock = false;
        for (var i = candidates.Count - 1; i >= 0 && wanted > 0; i--)
        {
            // No text stands before the first block, so that one is certain.
            if (candidates[i].Number == wanted && (wanted > 1 || i == 0))
            {
                chain.Add(candidates[i] with { IsAmbiguous = holdsBlock });
                holdsBlock = false;
                wanted--;
            }
            else
            {
                holdsBlock = true;
            }
        }

        chain.Reverse();
        MarkClaimed(chain, candidates);
        return chain;
    }

    private static void MarkClaimed(List<TxtStart> chain, List<TxtStart> candidates)
    {
        if (chain.Count == candidates.Count)
        {
            return;
        }

        var claims = new int[chain.Count + 1];
        foreach (var candidate in candidates)
        {
            if (candidate.Number > 1 && candidate.Number <= chain.Count && ++claims[candidate.Number] > 1)
            {
                chain[candidate.Number - 1] = chain[candidate.Number - 1] with { IsAmbiguous = true };
            }
        }
    }

    /// <summary>All lines of just a number in brackets, followed by a field.</summary>
    private static List<TxtStart> FindCandidates(WireBytes bytes)
    {
        var candidates = new List<TxtStart>();
        for (var at = bytes.Find((byte)'[', 0); at >= 0; at = bytes.Find((byte)'[', at + 1))
        {
            if (StartsLine(bytes, at) && TryReadNumber(bytes, at + 1, out var number, out var end))
            {
                var fields = bytes.SkipWhite(end);
                if (StartsLine(bytes, fields) && TxtLine.OpensRecord(bytes, fields))
                {
                    candidates.Add(new TxtStart(number, at, fields));
                }
            }
        }

        return candidates;
    }

    private static bool StartsLine(WireBytes bytes, int at)
    {
        at = bytes.SkipBefore(at, 0, " \t"u8);
        return at == 0 || bytes[at - 1] is (byte)'\n' or (byte)'\r';
    }

    private static bool TryReadNumber(WireBytes bytes, int at, out int number, out int end)
    {
        number = 0;
        end = at;
        while (end < bytes.Length && end - at < 9 && char.IsAsciiDigit((char)bytes[end]))
        {
            number = number * 10 + bytes[end++] - '0';
        }

        return number > 0 && bytes[at] != '0' && bytes.Has(end++, (byte)']');
    }
}
