using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Archive;

/// <summary>Messages of one March day in Moscow.</summary>
internal static class SampleMessages
{
    public static readonly DateOnly Day = new(2026, 3, 11);

    private static readonly TimeSpan Moscow = TimeSpan.FromHours(3);

    public static Message At(TimeSpan time, string text = "Ваш код 4711", string sender = "Sberbank", int ordinal = 0)
    {
        var local = Day.ToDateTime(TimeOnly.MinValue) + time;
        var (number, from) = (RentedNumber.Reported("79021234567"), Sender.Reported(sender));
        return MessageFactory.Make(MessageId.Of(number, from, local, text, ordinal), number, from, new DateTimeOffset(local, Moscow), text);
    }

    /// <summary>Makes messages, one per second from midnight on.</summary>
    public static List<Message> Sequence(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(second => At(TimeSpan.FromSeconds(second), $"Сообщение {second}"))];

    public static DateTimeOffset Moment(int day, int hour, int minute = 0, int second = 0) =>
        new(2026, 3, day, hour, minute, second, Moscow);

    /// <summary>The metadata of a record that was asked for and answered at one moment.</summary>
    public static RecordMetadata Metadata(DateTimeOffset askedAt, bool isFinal = false, bool isWhole = true) =>
        new(askedAt, askedAt, DateTimeOffset.MinValue, askedAt, isWhole, isFinal, []);

    public static DayRecord Record(int count, bool isFinal = false) =>
        DayRecord.Of(Day, Sequence(count), Metadata(Moment(11, 12), isFinal));
}
