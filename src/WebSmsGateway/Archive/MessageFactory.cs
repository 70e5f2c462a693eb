using System.Runtime.InteropServices;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Archive;

/// <summary>Turns records of the wire into messages.</summary>
internal sealed class MessageFactory(AccountZone zone)
{
    /// <summary>Makes the messages of one answer, exact repeats included, and sorts them into their local days.</summary>
    /// <param name="records">The records.</param>
    /// <param name="known">What is known of a day: its messages are taken over and not made twice.</param>
    public Dictionary<DateOnly, List<Message>> Make(IReadOnlyList<WireRecord> records, Func<DateOnly, DayRecord?> known)
    {
        var days = new Dictionary<DateOnly, List<Message>>();
        var repeats = new Dictionary<ulong, int>(records.Count);
        var names = new NamePool();
        foreach (var record in records)
        {
            var number = names.Shared(record.RentNum);
            var sender = names.Shared(NormaliseSender(record.TelNum));
            var hash = MessageId.Hash(number, sender, record.Date, record.Message, ordinal: 0);
            var ordinal = repeats.GetValueOrDefault(hash);
            repeats[hash] = ordinal + 1;
            if (ordinal > 0)
            {
                hash = MessageId.Hash(number, sender, record.Date, record.Message, ordinal);
            }

            var receivedAt = zone.ToInstant(record.Date);
            var position = new MessagePosition(receivedAt.ToUnixTimeSeconds(), hash);
            var day = DateOnly.FromDateTime(record.Date);
            ref var messages = ref CollectionsMarshal.GetValueRefOrAddDefault(days, day, out _);
            (messages ??= []).Add(
                known(day)?.At(position) ?? Make(number, sender, receivedAt, record.Message, day, hash));
        }

        return days;
    }

    /// <summary>Makes one message from its parts.</summary>
    public static Message Make(string rentedNumber, string sender, DateTimeOffset receivedAt, string text, DateOnly day, ulong hash) =>
        new Message
        {
            Id = MessageId.Format(day, hash),
            RentedNumber = rentedNumber,
            Sender = sender,
            ReceivedAt = receivedAt,
            Text = text,
            Position = new MessagePosition(receivedAt.ToUnixTimeSeconds(), hash),
        }.Serialised();

    /// <summary>A number loses its <c>+</c>; a name stays as it is.</summary>
    public static string NormaliseSender(string sender) =>
        sender.Length > 1 && sender[0] == '+' && sender.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0 ? sender[1..] : sender;
}
