using WebSmsGateway.Archive.Following;
using WebSmsGateway.Budgets;
using WebSmsGateway.Messages;
using WebSmsGateway.Turns;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

/// <summary>
/// A search that waits for its turn keeps its place. What it read stays in memory only as long as the memory tier holds it, but for a few searches.
/// </summary>
[Collection(MeasuredAlone.Name)]
public sealed class SearchMemoryTests
{
    private const int Searches = 16;
    private const int Days = 10;
    private const int OfDay = 60;

    // What all messages together take at most, in memory. The tier holds 1 MiB of it.
    private const long Size = 8L * 1024 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly string Long = new('ы', 3000);

    [Theory]
    [InlineData("desc")]
    [InlineData("asc")]
    [InlineData("changes")]
    [InlineData("download")]
    public async Task Searches_WaitingOverMoreThanMemoryHolds_KeepNoDays(string kind)
    {
        var turns = new SearchTurns(1);
        using var account = new FollowedAccount(Moment(11, 12), memoryMegabytes: 1, turns);
        var request = new PageRequest
        {
            From = $"{Zone.DayOf(Moment(11, 12)).AddDays(-Days):yyyy-MM-dd}",
            Order = kind == "desc" ? "desc" : "asc",
            Contains = "искомое",
        };
        var budget = new Budget(BudgetPart.Unsent, 1, 1);
        if (kind == "changes")
        {
            request = request with { Cursor = (await account.ReadAsync(request)).Page!.NextCursor };
        }

        var wanted = new List<string>();
        for (var i = 0; i < Days * OfDay; i++)
        {
            // What is found lies where a search looks last. Changes arrive day by day, after the place of the cursor.
            var (day, second) = (i / OfDay, i % OfDay);
            var isFound = second == 0 && day == (kind is "desc" or "changes" ? Days - 1 : 0);
            var at = kind == "changes" ? Moment(11, 13).AddDays(day) : Moment(11, 11).AddDays(-day);
            var text = account.Receive(at.AddSeconds(second), $"{(isFound ? "искомое" : "прочее")} {i} {Long}");
            wanted.AddRange(isFound ? [text] : Array.Empty<string>());
        }

        account.Clock.Advance(TimeSpan.FromDays(Days + 8));
        using var holder = turns.Begin("holder");
        Assert.True(await TakeTurnAsync(holder));
        var before = MeasuredAlone.Memory();
        var searches = Enumerable.Range(0, Searches).Select(i => Task.Run(() => FindAsync(account, request, kind, budget))).ToList();
        await UntilAsync(
            () => turns.Waiting + turns.WaitingToHold == Searches,
            () => $"{turns.Waiting} wait for a turn, {turns.WaitingToHold} to hold, {searches.Count(search => search.IsCompleted)} have ended");

        Assert.InRange(turns.Holding, 1, turns.MostHolding);
        Assert.InRange(MeasuredAlone.Memory() - before, 0, Size * (turns.MostHolding + 2));

        holder.Dispose();
        foreach (var found in await Task.WhenAll(searches).WaitAsync(Deadline))
        {
            Assert.Equal(wanted, found);
        }

        Assert.Equal((0, 0, 0, 0), (turns.Scanning, turns.Waiting, turns.Holding, turns.WaitingToHold));
    }

    private static async Task<List<string>> FindAsync(FollowedAccount account, PageRequest request, string kind, Budget budget)
    {
        if (kind == "download")
        {
            // The budget is used up by others, so that the download holds nothing.
            budget.TryCharge(new BudgetOwner("others", "others"), 1, out _);
            return await account.DownloadAsync(request, new DaysAtHand(budget.Open(new BudgetOwner("a", "a"))));
        }

        return [.. (await account.ReadAsync(request)).Page!.Items.Select(message => message.Text)];
    }

    private static async Task<bool> TakeTurnAsync(Search search)
    {
        for (var i = 0; i <= SearchTurns.Slice; i++)
        {
            await search.ChargeAsync(1, CancellationToken.None);
        }

        return search is { HasToLetGo: false };
    }

    private static async Task UntilAsync(Func<bool> condition, Func<string> state)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, $"It did not happen in time: {state()}");
            await Task.Yield();
        }
    }
}
