using System.Runtime.InteropServices;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Archive;

/// <summary>Makes messages from the records of an answer.</summary>
internal sealed class MessageFactory(AccountZone zone)
{
    /// <summary>Makes the messages of one answer, exact repeats included, and sorts them into their local days.</summary>
    /// <param name="records">The records of the answer.</param>
    /// <param name="previous">The previous record of a day. Its messages are reused and not made again.</param>
    public Dictionary<DateOnly, List<Message>> Make(IReadOnlyList<WireRecord> records, Func<DateOnly, DayRecord?> previous)
    {
        var days = new Dictionary<DateOnly, List<Message>>();
        var repeats = new Dictionary<MessageId, int>(records.Count);
        var names = new NamePool();
        foreach (var record in records)
        {
            var number = RentedNumber.Reported(names.Shared(record.RentNum));
            var sender = Sender.Reported(names.Shared(Sender.Reported(record.TelNum).ToString()));
            var id = MessageId.Of(number, sender, record.Date, record.Message, ordinal: 0);
            var ordinal = repeats.GetValueOrDefault(id);
            repeats[id] = ordinal + 1;
            if (ordinal > 0)
            {
                id = MessageId.Of(number, sender, record.Date, record.Message, ordinal);
            }

            var receivedAt = zone.ToInstant(record.Date);
            var position = new MessagePosition(receivedAt.ToUnixTimeSeconds(), id.Hash);
            ref var messages = ref CollectionsMarshal.GetValueRefOrAddDefault(days, id.Day, out _);
            (messages ??= []).Add(previous(id.Day)?.At(position) ?? Make(id, number, sender, receivedAt, record.Message));
        }

        return days;
    }

    public static Message Make(MessageId id, RentedNumber rentedNumber, Sender sender, DateTimeOffset receivedAt, string text) =>
        new Message
        {
            Id = id,
            RentedNumber = rentedNumber,
            Sender = sender,
            ReceivedAt = receivedAt,
            Text = text,
            Position = new MessagePosition(receivedAt.ToUnixTimeSeconds(), id.Hash),
        }.Serialised();
}
