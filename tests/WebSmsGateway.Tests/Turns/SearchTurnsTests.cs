using WebSmsGateway.Turns;

namespace WebSmsGateway.Tests.Turns;

/// <summary>Searches have a bounded share of the processor, in fair turns.</summary>
public sealed class SearchTurnsTests
{
    private const int Short = 70;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task ChargeAsync_FewMessages_NeedsNoTurn()
    {
        var turns = new SearchTurns(1);
        using var search = turns.Begin("a");

        for (var message = 0; message < SearchTurns.Slice; message++)
        {
            var charge = search.ChargeAsync(Short, CancellationToken.None).AsTask();
            Assert.True(charge.IsCompletedSuccessfully);
            Assert.True(await charge);
        }

        Assert.Equal((0, 0), (turns.Scanning, turns.Waiting));
        await search.ChargeAsync(Short, CancellationToken.None);
        Assert.Equal((1, 0), (turns.Scanning, turns.Waiting));
        search.Dispose();
        Assert.Equal(0, turns.Scanning);
    }

    [Fact]
    public async Task ChargeAsync_LongTexts_CountAsManyMessages()
    {
        var turns = new SearchTurns(1);
        using var search = turns.Begin("a");
        var messages = 0;
        for (; turns.Scanning == 0 && messages < SearchTurns.Slice; messages++)
        {
            await search.ChargeAsync(length: 100_000, CancellationToken.None);
        }

        Assert.InRange(messages, 2, SearchTurns.Slice / 100);
    }

    [Fact]
    public async Task TakeSliceAsync_OfADayThatHasToBeRead_LeavesTheTurnToOthers()
    {
        var turns = new SearchTurns(1);
        using var download = turns.Begin("a");
        await download.NextAsync(CancellationToken.None);
        await download.TakeSliceAsync(CancellationToken.None);

        // WEBSMS hangs, and the download waits for it. Others search meanwhile.
        using var other = turns.Begin("b");
        await other.NextAsync(CancellationToken.None).AsTask().WaitAsync(Deadline);
        other.Pause();

        Assert.True(download.TryCharge(Short));
        Assert.Equal((0, 0), (turns.Scanning, turns.Waiting));
    }

    [Fact]
    public async Task ChargeAsync_OneCallerFloods_AnothersSearchIsNotBehindAllOfThem()
    {
        var turns = new SearchTurns(1);
        using var holder = turns.Begin("holder");
        await SliceAsync(holder);
        var order = new List<string>();
        var flood = Enumerable.Range(0, 50).Select(_ => ScanAsync(turns, "a", slices: 4, order)).ToList();
        await UntilAsync(() => turns.Waiting + turns.WaitingToHold == 50);
        var other = ScanAsync(turns, "b", slices: 4, order);
        await UntilAsync(() => turns.Waiting + turns.WaitingToHold == 51);

        holder.Pause();
        await Task.WhenAll([.. flood, other]).WaitAsync(Deadline);

        // Its four slices come in the first of the two hundred, one in each round.
        Assert.InRange(order.LastIndexOf("b"), 1, 40);
        Assert.Equal((0, 0), (turns.Scanning, turns.Waiting));
    }

    [Fact]
    public async Task ChargeAsync_ManySearches_ScanNoMoreThanTheirShareAtOnce()
    {
        var turns = new SearchTurns(2);
        var (scanning, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            using var search = turns.Begin($"{i % 5}");
            for (var slice = 0; slice < 20; slice++)
            {
                await SliceAsync(search);
                var now = Interlocked.Increment(ref scanning);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref scanning);
            }
        }))).WaitAsync(Deadline);

        Assert.InRange(most, 1, 2);
        Assert.Equal((0, 0), (turns.Scanning, turns.Waiting));
    }

    [Fact]
    public async Task ChargeAsync_CallerLeaves_GivesItsPlaceBack()
    {
        var turns = new SearchTurns(1);
        var holder = turns.Begin("a");
        await SliceAsync(holder);
        using var leaving = new CancellationTokenSource();
        using var leaves = turns.Begin("b");
        var waiting = SliceAsync(leaves, leaving.Token);
        await UntilAsync(() => turns.Waiting == 1);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal((1, 0), (turns.Scanning, turns.Waiting));
        holder.Dispose();
        holder.Dispose();

        using var next = turns.Begin("c");
        await SliceAsync(next).WaitAsync(Deadline);
        Assert.Equal(1, turns.Scanning);
    }

    [Fact]
    public async Task ChargeAsync_ManySearchesWait_OnlyAFewOfThemHoldWhatTheyRead()
    {
        var turns = new SearchTurns(1);
        using var holder = turns.Begin("holder");
        await SliceAsync(holder);
        var searches = Enumerable.Range(0, 30).Select(i => (Owner: i < 20 ? "a" : $"{i}", Search: turns.Begin(i < 20 ? "a" : $"{i}"))).ToList();
        using var left = new CancellationTokenSource();
        var waits = searches.Select(search => SliceAsync(search.Search, left.Token)).ToList();

        Assert.Equal((turns.MostHolding, 1), (turns.Holding, turns.Scanning));
        Assert.Equal((3, 27), (turns.Waiting, turns.WaitingToHold));
        Assert.Equal(turns.MostHoldingOfOwner, searches.Count(search => search is { Owner: "a", Search.HasToLetGo: false }));

        // Places go to the next, in turns of owners; those who leave give theirs back.
        await left.CancelAsync();
        await Task.WhenAll(waits.Select(wait => Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait)));
        searches.ForEach(search => search.Search.Dispose());
        Assert.Equal((1, 0, 0), (turns.Holding, turns.Waiting, turns.WaitingToHold));
        holder.Dispose();
        Assert.Equal((0, 0), (turns.Holding, turns.Scanning));
    }

    private static async Task ScanAsync(SearchTurns turns, string owner, int slices, List<string> order)
    {
        using var search = turns.Begin(owner);
        for (var slice = 0; slice < slices; slice++)
        {
            await SliceAsync(search);

            // Only one search scans at a time.
            order.Add(owner);
        }
    }

    /// <summary>Scans a slice, which ends with the wait for the next one.</summary>
    private static async Task SliceAsync(Search search, CancellationToken cancellationToken = default)
    {
        for (var message = 0; message <= SearchTurns.Slice; message++)
        {
            while (!await search.ChargeAsync(Short, cancellationToken))
            {
                Assert.True(search.HasToLetGo);
                await search.HoldAsync(cancellationToken);
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "It did not happen in time.");
            await Task.Yield();
        }
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var known = Volatile.Read(ref most); now > known; known = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, now, known);
        }
    }
}
