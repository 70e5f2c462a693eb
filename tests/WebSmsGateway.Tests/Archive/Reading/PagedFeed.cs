using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Messages;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Archive.Reading;

/// <summary>
/// A number that receives messages while a caller pages through them. The feed makes the days that the archive walk would bring. Page,
/// query and cursor are the real ones.
/// </summary>
internal sealed class PagedFeed(DateTimeOffset now)
{
    public static readonly RentedNumber Number = RentedNumber.Reported("79021234567");

    public static readonly AccountZone Zone = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow"));

    private readonly SortedDictionary<DateOnly, List<Message>> days = [];
    private readonly Random hashes = new(7);

    public FakeTimeProvider Clock { get; } = new(now);

    public List<Message> Arrived { get; } = [];

    public Message Receive(DateTimeOffset receivedAt, string text = "x")
    {
        var instant = Zone.InZone(DateTimeOffset.FromUnixTimeSeconds(receivedAt.ToUnixTimeSeconds()));
        var day = Zone.DayOf(instant);
        var id = new MessageId(day, (ulong)hashes.NextInt64() >> 4);
        var message = MessageFactory.Make(id, Number, Sender.Reported("79161234567"), instant, text);
        if (!days.TryGetValue(day, out var messages))
        {
            days[day] = messages = [];
        }

        messages.Add(message);
        Arrived.Add(message);
        return message;
    }

    public (IReadOnlyList<Message> Items, string? Next) Page(PageRequest request)
    {
        var query = QueryOf.Page(request, Number, Zone, Clock);
        var first = query.Ascending ? query.Cursor?.Start ?? query.Range.From : query.Range.From;
        var limit = query.Limit ?? MessageQuery.DefaultLimit;
        IPageBuilder builder = query.Ascending ? new AscendingPage(query, limit, Zone) : new DescendingPage(query, limit);

        // More than one day comes in two stretches, as for a long range.
        var records = days.Where(day => day.Key >= Zone.DayOf(first)).Select(day => Record(day.Key, day.Value)).ToList();
        var half = records.Count / 2;
        IReadOnlyList<DayRecord>[] stretches = [records[..half], records[half..]];
        foreach (var stretch in query.Ascending ? stretches : stretches.Reverse())
        {
            if (builder.IsFullAfter(stretch))
            {
                break;
            }
        }

        return (builder.Take(), builder.Cursor()?.Text);
    }

    /// <summary>Reads pages until one is empty.</summary>
    public List<Message> Drain(PageRequest request)
    {
        var given = new List<Message>();
        while (true)
        {
            var (items, next) = Page(request);
            given.AddRange(items);
            if (items.Count == 0 || next is null)
            {
                return given;
            }

            request = request with { Cursor = next };
        }
    }

    private DayRecord Record(DateOnly day, List<Message> messages) => DayRecord.Of(
        day, [.. messages], new RecordMetadata(AskedAt: Clock.GetUtcNow(), default, default, default, IsWhole: true, IsFinal: false, []));
}
