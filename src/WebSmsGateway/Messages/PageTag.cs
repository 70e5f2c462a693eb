using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>
/// The weak entity tag of a page. It does not cover <c>completeUntil</c> and the times in the cursor, which change with every call to
/// WEBSMS. A caller that gets 304 keeps an earlier bound and a cursor of the same place, which are still correct. It covers only what
/// the caller can see: for a caller who may not read texts it must not show whether a text is this or that.
/// </summary>
internal static class PageTag
{
    public static string Of(MessagePage page, PageCursor? next, MessageQuery query, EntityTags tags)
    {
        var hash = new XxHash64();
        Append(hash, query.Numbers.Fingerprint);
        if (query.Fields != MessageFields.All)
        {
            Append(hash, query.Fields.ToString());
        }

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

            // A later version may find another code in the same text.
            if (message.Code is { } code)
            {
                Append(hash, $"{code.Value} {code.Confidence} {code.Origin}");
            }
        }

        return tags.Of(hash);
    }

    private static void Append(XxHash64 hash, string? text)
    {
        hash.Append(Encoding.UTF8.GetBytes(text ?? ""));
        hash.Append([0]);
    }
}
