using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace WebSmsGateway.Authentication;

/// <summary>An IPv4 address, or the /64 of an IPv6 address, because one host usually owns a whole /64.</summary>
internal readonly record struct AddressKey(bool IsV6, ulong Bits)
{
    public static AddressKey Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    public static AddressKey Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return new AddressKey(false, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        return address.IsIPv4MappedToIPv6
            ? new AddressKey(false, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : new AddressKey(true, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
