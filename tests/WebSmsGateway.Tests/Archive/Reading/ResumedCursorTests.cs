using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Messages;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Archive.Reading;

/// <summary>
/// A cursor is used at several replicas whose records of a day differ: one replica asked later than the other, or its answer lacks a
/// record. Each message is given once in any order of the replicas.
/// </summary>
public sealed class ResumedCursorTests
{
    private static readonly RentedNumber Number = RentedNumber.Reported("79021234567");

    private static readonly AccountZone Zone = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow"));
    private static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.FromHours(3));

    [Fact]
    public void Page_ReplicaThatDoesNotKnowTheLastMessageYet_DoesNotGiveItAgainWhenItDoes()
    {
        var (old, last) = (At(-30), At(-1));
        var (_, cursor) = Page(null, old, last);

        (var fromLagging, cursor) = Page(cursor, old);
        (var fromCaughtUp, cursor) = Page(cursor, old, last);

        Assert.Empty(fromLagging);
        Assert.Empty(fromCaughtUp);
        Assert.Empty(Page(cursor, old, last).Items);
    }

    [Fact]
    public void Page_MessageIsMissingFromOneAnswer_DoesNotComeAgain()
    {
        var messages = Enumerable.Range(0, 20).Select(i => At(-60 + (2 * i))).ToList();
        var (_, cursor) = Page(null, [.. messages]);
        for (var missing = 0; missing < 20; missing++)
        {
            var next = At(missing);
            (var items, cursor) = Page(cursor, [.. messages.Where((_, i) => i != missing), next]);
            messages.Add(next);
            Assert.Equal([next], items);
        }

        Assert.Empty(Page(cursor, [.. messages]).Items);
    }

    [Fact]
    public void Page_ReplicasAnswerInTurnsWithPicturesOfDifferentAge_GivesEachOnce()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var arrived = new List<Message>();
            var given = new List<Message>();
            string? cursor = null;
            for (var step = 0; step < 60; step++)
            {
                arrived.AddRange(Enumerable.Range(0, random.Next(4)).Select(_ => At((step * 2) - random.Next(100))));
                var known = random.Next(2) == 0 ? arrived.Count : Math.Max(0, arrived.Count - random.Next(5));
                (var items, cursor) = Page(cursor, [.. arrived.Take(known)]);
                given.AddRange(items);
            }

            given.AddRange(Page(cursor, [.. arrived]).Items);
            Assert.True(given.Count == given.Distinct().Count(), $"Case {seed}: a message came twice.");
            Assert.True(given.Count == arrived.Count, $"Case {seed}: a message is missing.");
        }
    }

    [Fact]
    public void Page_MessageDatedAheadOfTheClock_DoesNotHideThoseThatCome()
    {
        var ahead = At(600);
        var (_, cursor) = Page(null, ahead);
        var onTime = At(5);

        Assert.Equal([onTime], Page(cursor, ahead, onTime).Items);
    }

    private static Message At(int seconds) => MessageFactory.Make(
        new MessageId(DateOnly.FromDateTime(Noon.Date), (ulong)Random.Shared.NextInt64() >> 4), Number, Sender.Reported("900"),
        Noon.AddSeconds(seconds), "x");

    private static (IReadOnlyList<Message> Items, string Next) Page(string? cursor, params Message[] known)
    {
        var request = new PageRequest { Order = "asc", Cursor = cursor };
        var query = QueryOf.Page(request, Number, Zone, new FakeTimeProvider(Noon));
        var page = new AscendingPage(query, 1000, Zone);
        var metadata = new RecordMetadata(AskedAt: Noon, Noon, default, Noon, IsWhole: true, IsFinal: false, []);
        page.IsFullAfter([DayRecord.Of(DateOnly.FromDateTime(Noon.Date), [.. known], metadata)]);
        return (page.Take(), page.Cursor().Text);
    }
}
