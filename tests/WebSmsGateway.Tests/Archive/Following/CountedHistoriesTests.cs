using WebSmsGateway.Messages;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

/// <summary>
/// Random histories of an account that is larger than memory, so that most days have only their counts there. A walk shows each message that WEBSMS
/// had reported when its day was due last, once and in order, and none that it had not.
/// </summary>
public sealed class CountedHistoriesTests
{
    private const int Days = 12;

    private static readonly DateTimeOffset Start = Moment(3, 12);
    private static readonly string Long = new('ы', 3000);
    private static readonly RentedNumber[] Numbers =
        [Number, RentedNumber.Reported("79021234568"), RentedNumber.Reported("79021234569"), RentedNumber.Reported("79021234570")];

    // The ages of CacheOptions. The closing read has done that of ten minutes.
    private static readonly TimeSpan[] Ages =
        [TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(3), TimeSpan.FromDays(7)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Walks_OverMoreThanMemoryHolds_LoseNothingThatAScheduleShows(int seed)
    {
        var random = new Random(seed);
        using var account = new FollowedAccount(Start, memoryMegabytes: 1);
        var sent = new List<Sent>();
        for (var day = 0; day < Days; day++)
        {
            for (var i = random.Next(12); i >= 0; i--)
            {
                Send(Start.AddDays(-day).AddMinutes(-random.Next(700)), late: default);
            }
        }

        for (var step = 0; step < 30; step++)
        {
            for (var i = random.Next(3); i >= 0; i--)
            {
                var isLate = random.Next(2) == 0;
                var age = isLate ? TimeSpan.FromMinutes(random.Next(4 * 24 * 60)) : TimeSpan.FromSeconds(random.Next(50));
                Send(account.Clock.GetUtcNow() - age, isLate ? TimeSpan.FromMinutes(random.Next(10 * 60)) : default);
            }

            account.Clock.Advance(TimeSpan.FromMinutes(1 + random.Next(random.Next(3) == 0 ? 900 : 40)));
            var number = Numbers[random.Next(Numbers.Length)];
            var isAscending = random.Next(2) == 0;
            var shown = await DrainAsync(account, number, isAscending, limit: 1 + random.Next(25));

            var now = account.Clock.GetUtcNow();
            var all = sent.Where(message => message.Number == number && message.At >= From).ToList();
            Assert.Equal(shown.Distinct(), shown);
            Assert.Empty(all.Where(message => IsShown(message, now)).Select(message => message.Text).Except(shown));
            Assert.Empty(shown.Except(all.Where(message => message.Reported <= now).Select(message => message.Text)));
        }

        void Send(DateTimeOffset at, TimeSpan late)
        {
            // Few messages are for the last numbers, so that most days have none of them.
            var number = Numbers[Math.Min(random.Next(4), random.Next(5))];
            at = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerSecond), at.Offset);
            var reported = account.Clock.GetUtcNow() + late;
            sent.Add(new Sent(number, at, reported, account.Receive(at, $"{sent.Count} {Long}", late, number)));
        }
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 60)];

    private static DateTimeOffset From => Zone.StartOf(Zone.DayOf(Start).AddDays(-Days));

    private static bool IsShown(Sent message, DateTimeOffset now)
    {
        // Of an open day the tail is asked for, which has what is not late.
        var end = Zone.EndOf(Zone.DayOf(message.At));
        var isInTail = message.Reported - message.At < TimeSpan.FromMinutes(1) && now < end + Ages[0];
        return message.Reported <= now && (isInTail || Ages.Any(age => message.Reported <= end + age && end + age <= now));
    }

    private static async Task<List<string>> DrainAsync(FollowedAccount account, RentedNumber number, bool isAscending, int limit)
    {
        var request = new PageRequest { From = $"{Zone.DayOf(From):yyyy-MM-dd}", Order = isAscending ? "asc" : "desc", Limit = $"{limit}" };
        var shown = new List<string>();
        while (true)
        {
            var page = (await account.ReadAsync(request, number)).Page!;
            Assert.False(page.Stale);
            shown.AddRange(page.Items.Select(message => message.Text));
            if (page.NextCursor is null || page.Items.Count == 0)
            {
                return shown;
            }

            request = request with { Cursor = page.NextCursor };
        }
    }

    private sealed record Sent(RentedNumber Number, DateTimeOffset At, DateTimeOffset Reported, string Text);
}
