using System.Runtime.InteropServices;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Archive.Records;

/// <summary>Makes messages from the records of an answer.</summary>
internal sealed class MessageFactory(AccountZone zone, DerivedKeys keys)
{
    /// <summary>Makes the messages of one answer, exact repeats included, and sorts them into their local days.</summary>
    /// <param name="records">The records of the answer.</param>
    /// <param name="isNewestFirst">Whether the list is newest first. Within a second the messages are then in reverse order.</param>
    /// <param name="previous">The previous record of a day. Its messages are reused and not made again.</param>
    public Dictionary<DateOnly, List<Message>> Make(
        IReadOnlyList<WireRecord> records, bool isNewestFirst, Func<DateOnly, DayRecord?> previous)
    {
        var days = new Dictionary<DateOnly, List<Message>>();
        var repeats = new Dictionary<MessageId, int>(records.Count);
        var names = new NamePool();
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[isNewestFirst ? records.Count - 1 - i : i];
            var number = RentedNumber.Reported(names.Shared(record.RentNum));
            var sender = Sender.Reported(names.Shared(Sender.Reported(record.TelNum).ToString()));
            var id = MessageId.Of(keys.Ids, number, sender, record.Date, record.Message, ordinal: 0);
            var ordinal = repeats.GetValueOrDefault(id);
            repeats[id] = ordinal + 1;
            if (ordinal > 0)
            {
                id = MessageId.Of(keys.Ids, number, sender, record.Date, record.Message, ordinal);
            }

            var receivedAt = zone.ToInstant(record.Date);
            ref var messages = ref CollectionsMarshal.GetValueRefOrAddDefault(days, id.Day, out _);
            (messages ??= []).Add(
                previous(id.Day)?.Find(receivedAt.ToUnixTimeSeconds(), id.Hash) ?? Counted(Make(id, number, sender, receivedAt, record.Message)));
        }

        return days;
    }

    private static Message Counted(Message message)
    {
        if (message.Code is { } code)
        {
            GatewayMetrics.CodeFound(code.ConfidenceName);
        }

        return message;
    }

    /// <summary>Whether a list is newest first; null where its dates do not tell.</summary>
    public static bool? IsNewestFirst(IReadOnlyList<WireRecord> records) =>
        records.Count == 0 || records[0].Date == records[^1].Date ? null : records[0].Date > records[^1].Date;

    public static Message Make(MessageId id, RentedNumber rentedNumber, Sender sender, DateTimeOffset receivedAt, string text) =>
        new Message
        {
            Id = id,
            RentedNumber = rentedNumber,
            Sender = sender,
            ReceivedAt = receivedAt,
            Text = text,
        }.Serialised();
}
