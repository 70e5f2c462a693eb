using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Tests.Archive;

/// <summary>Messages of one March day in Moscow.</summary>
internal static class SampleMessages
{
    public static readonly DateOnly Day = new(2026, 3, 11);

    public static readonly AccountZone Zone = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow"));

    public static readonly RentedNumber Number = RentedNumber.Reported("79021234567");

    /// <summary>The keys of an account without keys.</summary>
    public static readonly DerivedKeys Keys = KeysOf("demo");

    private static readonly TimeSpan Moscow = TimeSpan.FromHours(3);

    public static DerivedKeys KeysOf(string login, string? idKey = null, params string[] encryptionKeys) => new(
        Options.Create(new CacheOptions { EncryptionKeys = encryptionKeys }), Options.Create(new MessagesOptions { IdKey = idKey }),
        Options.Create(new UpstreamOptions { Username = login }));

    /// <summary>A message as an answer has it, without its places.</summary>
    public static Message Reported(
        TimeSpan time, string text = "Ваш код 4711", string sender = "Sberbank", int ordinal = 0, string? number = null)
    {
        var local = Day.ToDateTime(TimeOnly.MinValue) + time;
        var (rented, from) = (number is null ? Number : RentedNumber.Reported(number), Sender.Reported(sender));
        return MessageFactory.Make(MessageId.Of(Keys.Ids, rented, from, local, text, ordinal), rented, from, Zone.ToInstant(local), text);
    }

    /// <summary>A known message.</summary>
    public static Message At(
        TimeSpan time, string text = "Ваш код 4711", int rank = 0, long moment = 1000, int ordinal = 0, bool isFirst = false,
        string? number = null, string sender = "Sberbank") =>
        Reported(time, text, sender, number: number).Placed(rank, new Stamp(moment, ordinal), isFirst);

    /// <summary>Makes known messages, one per second from midnight on.</summary>
    public static List<Message> Sequence(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(second => At(TimeSpan.FromSeconds(second), $"Сообщение {second}", ordinal: second))];

    public static DateTimeOffset Moment(int day, int hour, int minute = 0, int second = 0) =>
        new(2026, 3, day, hour, minute, second, Moscow);

    /// <summary>The metadata of a record that was asked for and answered at one moment.</summary>
    public static RecordMetadata Metadata(
        DateTimeOffset askedAt, bool isFinal = false, bool isWhole = true, TimeSpan ahead = default, DateTimeOffset? readWholeAt = null) =>
        new(askedAt, ahead, askedAt, readWholeAt ?? askedAt, isWhole, isFinal, []);

    public static DayRecord Record(int count, bool isFinal = false) =>
        DayRecord.Of(Day, Sequence(count), Metadata(Moment(11, 12), isFinal));

    public static Schedule ScheduleOf(CacheOptions? options = null) =>
        new(Options.Create(options ?? new CacheOptions()), Options.Create(new UpstreamOptions()), Zone);

    /// <summary>The messages of a record, in order.</summary>
    public static IEnumerable<Message> MessagesOf(DayRecord record) => Enumerable.Range(0, record.Count).Select(index => record[index]);
}
