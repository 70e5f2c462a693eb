using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Http;

/// <summary>Makes weak entity tags. They are keyed, so that nobody without the key can try out texts or numbers against a tag.</summary>
internal sealed class EntityTags(DerivedKeys keys)
{
    public string Of(XxHash64 content)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(keys.EntityTags, content.GetCurrentHash(), digest);
        return $"W/\"{BinaryPrimitives.ReadUInt64BigEndian(digest):x16}\"";
    }
}
