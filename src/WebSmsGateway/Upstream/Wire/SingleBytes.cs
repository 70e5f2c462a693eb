using System.Buffers;
using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Charsets in which each byte is one character, as tables of 256.</summary>
internal static class SingleBytes
{
    /// <summary>The private characters that stand for bytes whose charset is open: 0x80 is U+F780, and so on.</summary>
    public const char FirstCarried = '\uF780';

    public const char LastCarried = '\uF7FF';

    private const int Block = 1024;

    /// <summary>0x98 is the one byte without a character; it keeps its place as U+0098.</summary>
    public static readonly char[] Windows1251 =
        Build(b => b == 0x98 ? '\u0098' : CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetChars([b])[0]);

    public static readonly char[] Carried = Build(b => (char)(b < 0x80 ? b : b - 0x80 + FirstCarried));

    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlySpan<byte> bytes, char[] table)
    {
        var utf8 = new ArrayBufferWriter<byte>(bytes.Length + 1);
        Span<char> block = stackalloc char[Block];
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, Block);
            for (var i = 0; i < length; i++)
            {
                block[i] = table[bytes[i]];
            }

            Encoding.UTF8.GetBytes(block[..length], utf8);
            bytes = bytes[length..];
        }

        return utf8.WrittenMemory;
    }

    private static char[] Build(Func<byte, char> character) => [.. Enumerable.Range(0, 256).Select(b => character((byte)b))];
}
