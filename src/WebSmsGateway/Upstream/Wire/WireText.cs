using System.Buffers;
using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>A message's text while it is unescaped: characters never outnumber the bytes that they come from.</summary>
internal ref struct WireText(int capacity)
{
    private readonly char[] buffer = ArrayPool<char>.Shared.Rent(capacity);
    private int length;
    private bool hasEscapedSurrogates;

    public void Append(ReadOnlySpan<byte> utf8) => length += Encoding.UTF8.GetChars(utf8, buffer.AsSpan(length));

    public void Append(char value) => buffer[length++] = value;

    /// <summary>Appends a UTF-16 unit written as an escape; whether it has its other half is seen at the end.</summary>
    public void AppendEscaped(char unit)
    {
        hasEscapedSurrogates |= char.IsSurrogate(unit);
        Append(unit);
    }

    /// <summary>Gives the text and the buffer back. Halves of surrogate pairs become U+FFFD: no UTF-8 could carry them further.</summary>
    public readonly string Finish(out bool isDamaged)
    {
        isDamaged = false;
        var text = buffer.AsSpan(0, length);
        for (var i = 0; hasEscapedSurrogates && i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                text[i] = '\uFFFD';
                isDamaged = true;
            }
        }

        var finished = new string(text);
        ArrayPool<char>.Shared.Return(buffer);
        return finished;
    }
}
