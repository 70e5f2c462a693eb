using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>
/// The weak entity tag of a page. It does not cover <c>completeUntil</c> and the times in the cursor, which change with every call to
/// WEBSMS. A caller that gets 304 keeps an earlier bound and a cursor of the same place, which are still correct.
/// </summary>
internal static class PageTag
{
    public static string Of(MessagePage page, PageCursor? next, MessageQuery query, EntityTags tags)
    {
        var hash = new XxHash64();
        Append(hash, query.Numbers.Fingerprint);
        Append(hash, next?.State.ToString());
        Append(hash, page.Stale ? "stale" : "fresh");
        foreach (var problem in page.Problems)
        {
            Append(hash, $"{problem.Day:O} {problem.Position} {problem.Count} {problem.Reason.Name()}");
        }

        Span<byte> bytes = stackalloc byte[16];
        foreach (var message in page.Items)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, message.Id.Hash);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], message.Position.Second);
            hash.Append(bytes);
        }

        return tags.Of(hash);
    }

    private static void Append(XxHash64 hash, string? text)
    {
        hash.Append(Encoding.UTF8.GetBytes(text ?? ""));
        hash.Append([0]);
    }
}
