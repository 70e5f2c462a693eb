using System.Buffers.Binary;
using System.Text;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>Writes what a ticket says as bytes, and reads it again. <see cref="TicketKey"/> protects the bytes.</summary>
internal static class TicketBytes
{
    /// <summary>The numbers that one ticket can name, so that it fits into the line of a request.</summary>
    public const int MaxNumbers = 1000;

    public const int IdLength = 12;

    private const byte Version = 1;
    private const int RootLength = 32;
    private const int NumberLength = 5;
    private const ushort AllNumbers = ushort.MaxValue;

    // All digits behind the leading 7 fit into 34 bits.
    private const long Leading7 = 70_000_000_000;

    public static byte[] Write(Ticket ticket)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(Convert.FromHexString(ticket.Id));
        writer.Write(ticket.Expires.ToUnixTimeMilliseconds());
        writer.Write((byte)ticket.Fields);
        writer.Write(ticket.Maker.Root);
        writer.Write(ticket.Maker.TokenCaller is not null);
        if (ticket.Maker.TokenCaller is var (id, name))
        {
            writer.Write(id);
            writer.Write(name);
        }

        writer.Write(ticket.Numbers.IsAll ? AllNumbers : (ushort)ticket.Numbers.Count);
        Span<byte> packed = stackalloc byte[sizeof(long)];
        foreach (var number in ticket.Numbers.Listed.Select(number => number.ToString()).Order(StringComparer.Ordinal))
        {
            BinaryPrimitives.WriteInt64LittleEndian(packed, long.Parse(number) - Leading7);
            writer.Write(packed[..NumberLength]);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Reads bytes that a key of this gateway protected; null for another version.</summary>
    public static Ticket? Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadByte() != Version)
        {
            return null;
        }

        var id = Convert.ToHexStringLower(reader.ReadBytes(IdLength / 2));
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var fields = (MessageFields)reader.ReadByte();
        var root = reader.ReadBytes(RootLength);
        (string, string)? caller = reader.ReadBoolean() ? (reader.ReadString(), reader.ReadString()) : null;
        return new Ticket(id, new TicketMaker(root, caller), ReadNumbers(reader), fields, expires);
    }

    private static NumberSet ReadNumbers(BinaryReader reader)
    {
        var count = reader.ReadUInt16();
        if (count == AllNumbers)
        {
            return NumberSet.All;
        }

        var numbers = new RentedNumber[count];
        Span<byte> packed = stackalloc byte[sizeof(long)];
        for (var index = 0; index < count; index++)
        {
            reader.BaseStream.ReadExactly(packed[..NumberLength]);
            numbers[index] = RentedNumber.Reported($"{BinaryPrimitives.ReadInt64LittleEndian(packed) + Leading7}");
        }

        return NumberSet.Of(numbers);
    }
}
