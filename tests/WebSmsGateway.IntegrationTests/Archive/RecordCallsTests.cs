using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Archive;

/// <summary>
/// How many questions reach WEBSMS, and how much each of them covers. The clock starts at noon in Moscow on 15 March 2026.
/// </summary>
public sealed class RecordCallsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)));
    private RunningSimulator simulator = null!;
    private SimulatedAccount account = null!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync(clock);
        account = simulator.NewAccount();
    }

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Fact]
    public async Task Read_ColdMonth_CostsTwoQuestionsAndThenNone()
    {
        account.Receive("2026-02-14 00:00:00", "первое");
        account.Receive("2026-03-14 23:59:59", "вчерашнее");
        account.Receive("2026-03-15 11:59:59", "сегодняшнее");
        await using var gateway = Start();

        var cold = await gateway.ReadAsync("2026-02-13");
        var again = await gateway.ReadAsync("2026-02-13");

        Assert.Equal(["сегодняшнее", "вчерашнее", "первое"], cold.Texts);
        Assert.Equal(cold.Texts, again.Texts);
        Assert.InRange(account.Requests().Count, 1, 2);
        Assert.Contains("fwd=miss", cold.CacheStatus, StringComparison.Ordinal);
        Assert.Contains("; hit", again.CacheStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_RangeHalfKnown_CostsOneQuestionForTheGap()
    {
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-01", "2026-03-05");
        account.ClearRequests();

        await gateway.ReadAsync("2026-03-01", "2026-03-10");

        Assert.Equal($"* 06.03.2026 00:00:00 - 10.03.2026 23:59:59", Assert.Single(account.Requests()).Question());
    }

    [Fact]
    public async Task Read_MonthOfMoreThanTheLimit_IsAskedInPartsAndGivenWhole()
    {
        ReceiveLongTexts(days: 28, perDay: 20);
        await using var gateway = Start(("Upstream:MaxAnswerMegabytes", "1"));

        var read = await gateway.ReadAsync("2026-02-01", "2026-02-28");

        Assert.Equal(28 * 20, read.Texts.Distinct().Count());
        Assert.InRange(account.Requests().Count, 3, 7);
    }

    [Fact]
    public async Task Read_OneDayOfMoreThanTheLimit_FailsAfterFewQuestions()
    {
        // All messages have the same second, so no part of the day is short enough.
        ReceiveLongTexts(days: 1, perDay: 400);
        await using var gateway = Start(("Upstream:MaxAnswerMegabytes", "1"));

        var read = await gateway.ReadAsync("2026-02-01", "2026-02-28");

        Assert.Equal(System.Net.HttpStatusCode.BadGateway, read.Status);
        Assert.Equal("upstream-invalid-response", read.Body.GetProperty("code").GetString());
        Assert.InRange(account.Requests().Count, 1, 10);
    }

    [Fact]
    public async Task Read_OneDayOfMoreThanTheLimit_IsAskedInPartsAndGivenWhole()
    {
        for (var i = 0; i < 400; i++)
        {
            account.Receive($"2026-02-01 {i / 20:00}:{i % 20:00}:00", $"{i} {new string('ы', 2000)}");
        }

        await using var gateway = Start(("Upstream:MaxAnswerMegabytes", "1"));

        var read = await gateway.ReadAsync("2026-02-01", "2026-02-01");

        Assert.Equal(400, read.Texts.Distinct().Count());
        Assert.InRange(account.Requests().Count, 3, 7);
    }

    [Fact]
    public async Task Read_OtherZonesDays_AreStitchedFromTheSameRecords()
    {
        account.Receive("2026-03-10 01:30:00", "ночью");
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-09", "2026-03-11");
        account.ClearRequests();

        // The 9th of March in UTC ends at 03:00 of the 10th in Moscow.
        var read = await gateway.ReadAsync("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z");

        Assert.Equal(["ночью"], read.Texts);
        Assert.Empty(account.Requests());
    }

    [Fact]
    public async Task Read_TwoHundredDifferentQueriesAtOnce_AskForEachMissingDayOnce()
    {
        account.Behaviour = new() { Faults = [SimulatorFault.Delay(TimeSpan.FromMilliseconds(100))] };
        for (var day = 1; day <= 15; day++)
        {
            account.Receive($"2026-03-{day:00} 10:00:00", $"день {day}");
        }

        await using var gateway = Start();
        var reads = Enumerable.Range(0, 200)
            .Select(i => gateway.ReadAsync($"2026-03-{1 + (i % 10):00}", $"2026-03-{11 + (i % 5):00}", query: $"&limit={100 + i}"))
            .ToList();
        var all = Task.WhenAll(reads);
        while (!all.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        var pages = await all;
        for (var i = 0; i < pages.Length; i++)
        {
            Assert.Equal(11 + (i % 5) - (i % 10), pages[i].Texts.Count());
        }

        var asked = account.Requests().SelectMany(DaysOf).Where(day => day.Day != 15).ToList();
        Assert.Equal(asked.Distinct().Count(), asked.Count);
    }

    [Fact]
    public async Task Read_OpenDayAgain_AsksForItsTailOnly()
    {
        for (var second = 0; second < 3000; second++)
        {
            account.Receive($"2026-03-15 {8 + (second / 3600):00}:{second / 60 % 60:00}:{second % 60:00}", $"Сообщение {second}");
        }

        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-15");
        var whole = account.Requests()[0].Bytes;
        account.ClearRequests();
        for (var refresh = 0; refresh < 20; refresh++)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            account.Receive($"2026-03-15 {clock.GetUtcNow().ToOffset(TimeSpan.FromHours(3)):HH:mm:ss}", $"новое {refresh}");
            Assert.Equal($"новое {refresh}", (await gateway.ReadAsync("2026-03-15")).Texts.First());
        }

        Assert.Equal(20, account.Requests().Count);
        Assert.All(account.Requests(), request => Assert.InRange(request.Bytes, 1, whole / 20));

        // After five minutes the day is read whole as well, to find messages that a tail could have missed.
        clock.Advance(TimeSpan.FromMinutes(5));
        await gateway.ReadAsync("2026-03-15");
        await account.WaitForCallsAsync(22);
        Assert.Contains("15.03.2026 00:00:00", account.Requests()[^1].Question(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_MessageDatedLate_IsFoundWithinTheOverlap()
    {
        account.Receive("2026-03-15 11:59:59", "раньше");
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-15");

        clock.Advance(TimeSpan.FromSeconds(6));
        account.Receive("2026-03-15 11:58:01", "с задержкой");
        var read = await gateway.ReadAsync("2026-03-15");

        Assert.Equal(["раньше", "с задержкой"], read.Texts);
    }

    [Theory]
    [InlineData("2010-10-30T22:58:00Z", "2010-10-31", "02:58:00", "02:00:30")]
    [InlineData("2014-10-25T21:58:00Z", "2014-10-26", "01:58:00", "01:00:30")]
    public async Task Read_ClockIsTurnedBack_TheTailReachesBackToTheHourThatIsRepeated(
        string start, string day, string before, string after)
    {
        var then = new FakeTimeProvider(DateTimeOffset.Parse(start));
        await using var old = await RunningSimulator.StartAsync(then);
        var number = old.NewAccount();
        number.Receive($"{day} {before}", "до перевода");
        await using var gateway = RunningGateway.Start(old, number, then);
        await gateway.ReadAsync(day);

        // The next read is less than three minutes later. The wall clock shows an hour earlier.
        then.Advance(TimeSpan.FromSeconds(150));
        number.Receive($"{day} {after}", "после перевода");

        Assert.Equal(["до перевода", "после перевода"], (await gateway.ReadAsync(day)).Texts);
    }

    [Fact]
    public async Task Read_DayThatEnds_StaysOpenWhileItSettlesAndIsThenFinal()
    {
        clock.SetUtcNow(new DateTimeOffset(2026, 3, 15, 23, 59, 58, TimeSpan.FromHours(3)));
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-15", "2026-03-15");

        // The message is dated before midnight and reported after it.
        clock.Advance(TimeSpan.FromMinutes(1));
        account.Receive("2026-03-15 23:59:59", "последнее");
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["последнее"], (await gateway.ReadAsync("2026-03-15", "2026-03-15")).Texts);

        clock.Advance(TimeSpan.FromMinutes(10));
        await gateway.ReadAsync("2026-03-15", "2026-03-15");
        Assert.StartsWith("* 15.03.2026 00:00:00", account.Requests()[^1].Question(), StringComparison.Ordinal);

        // The rechecks that came due meanwhile are one question, and the day is final after it.
        account.ClearRequests();
        clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal(["последнее"], (await gateway.ReadAsync("2026-03-15", "2026-03-15")).Texts);
        Assert.Equal(["последнее"], (await gateway.ReadAsync("2026-03-15", "2026-03-15")).Texts);
        Assert.Single(account.Requests());
    }

    [Fact]
    public async Task Read_FinalDayAfterItsLifetime_IsAskedForOnceMore()
    {
        await using var gateway = Start(("Cache:ClosedLifetime", "00:01:00"));
        await gateway.ReadAsync("2026-03-01", "2026-03-01");
        clock.Advance(TimeSpan.FromMinutes(2));
        account.ClearRequests();

        await gateway.ReadAsync("2026-03-01", "2026-03-01");
        await gateway.ReadAsync("2026-03-01", "2026-03-01");

        Assert.Single(account.Requests());
    }

    [Fact]
    public async Task Read_DayWithAProblem_IsNotFinal()
    {
        account.Receive("2026-03-01 10:00:00", "читаемое");
        account.Receive("2026-03-01 11:00:00", "без номера", "номер");
        await using var gateway = Start();
        var damaged = await gateway.ReadAsync("2026-03-01", "2026-03-01", number: null);
        Assert.Equal(
            "unreadable-number", Assert.Single(damaged.Body.GetProperty("problems").EnumerateArray()).GetProperty("reason").GetString());

        account.ClearMessages();
        account.Receive("2026-03-01 10:00:00", "читаемое");
        clock.Advance(TimeSpan.FromMinutes(5));
        var repaired = await gateway.ReadAsync("2026-03-01", "2026-03-01", number: null);

        Assert.Equal(["читаемое"], repaired.Texts);
        Assert.Empty(repaired.Body.GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public async Task Read_AnswerTakesLongerThanAnswerWithin_GetsTheLastGoodOneAndTheNextReaderTheNew()
    {
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-15");
        account.Receive("2026-03-15 12:00:01", "новое");
        account.Behaviour = new() { Faults = [SimulatorFault.Delay(TimeSpan.FromSeconds(3))] };
        clock.Advance(TimeSpan.FromSeconds(6));

        var read = gateway.ReadAsync("2026-03-15");
        await account.WaitForOutcomeAsync("delay");
        Assert.False(read.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty((await read).Texts);
        Assert.False((await read).IsStale);

        // The question has been on its way for two seconds, so the next reader does not wait at all.
        Assert.Empty((await gateway.ReadAsync("2026-03-15")).Texts);
        clock.Advance(TimeSpan.FromSeconds(1));
        await gateway.SettleAsync();

        Assert.Equal(["новое"], (await gateway.ReadAsync("2026-03-15")).Texts);
        Assert.Equal(2, account.Requests().Count);
    }

    [Fact]
    public async Task Read_ManyReadersForAMinute_AskOncePerFreshness()
    {
        await using var gateway = Start();
        for (var i = 0; i < 120; i++)
        {
            await gateway.ReadAsync("2026-03-15");
            await gateway.SettleAsync();
            clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.InRange(account.Requests().Count, 10, 13);
    }

    [Fact]
    public async Task Read_CallerLeaves_TheOthersGetTheAnswer()
    {
        account.Receive("2026-03-01 10:00:00", "для всех");
        account.Behaviour = new() { Faults = [SimulatorFault.Hang()] };
        await using var gateway = Start();
        using var timeout = new CancellationTokenSource();
        var leaves = gateway.Client.GetAsync(
            $"/rented-numbers/{PageReads.Number}/messages?from=2026-03-01&to=2026-03-01", timeout.Token);
        await account.WaitForCallsInFlightAsync(1);
        var stays = gateway.ReadAsync("2026-03-01", "2026-03-01");

        await timeout.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        account.Behaviour = new();

        Assert.Equal(["для всех"], (await stays).Texts);
        Assert.Single(account.Requests());
    }

    [Fact]
    public async Task Read_ScopeAccount_ServesAThousandNumbersFromOneQuestion()
    {
        for (var i = 0; i < 1000; i++)
        {
            account.Receive("2026-03-15 10:00:00", $"для {i}", $"7902{i:0000000}");
        }

        await using var gateway = Start(("Upstream:Scope", "Account"));
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal([$"для {i}"], (await gateway.ReadAsync("2026-03-15", number: $"7902{i:0000000}")).Texts);
        }

        Assert.StartsWith("* ", Assert.Single(account.Requests()).Question(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AllNumbersAndTheirList_ShareTheAccountsQuestion()
    {
        account.Receive("2026-03-15 10:00:00", "одно", "79020000001");
        account.Receive("2026-03-15 10:00:01", "другое", "79020000002");
        await using var gateway = Start();

        Assert.Equal(2, (await gateway.ReadAsync("2026-03-15", number: null)).Texts.Count());
        var list = await gateway.GetAsync("/rented-numbers?from=2026-03-15");

        Assert.Equal(2, list.GetProperty("items").GetArrayLength());
        Assert.Single(account.Requests());
    }

    private static IEnumerable<DateOnly> DaysOf(SimulatorRequest request)
    {
        var (first, last) = (Day(request.Parameters["startdate"]), Day(request.Parameters["enddate"]));
        return Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays);

        static DateOnly Day(string moment) => DateOnly.ParseExact(moment[..10], "dd.MM.yyyy");
    }

    /// <summary>Messages from 1 February on, with texts of about 4 kB each.</summary>
    private void ReceiveLongTexts(int days, int perDay)
    {
        for (var i = 0; i < days * perDay; i++)
        {
            account.Receive($"2026-02-{1 + (i / perDay):00} 12:00:00", $"{i} {new string('ы', 2000)}");
        }
    }

    private RunningGateway Start(params (string, string?)[] settings) =>
        RunningGateway.Start(simulator, account, clock, [("Upstream:Retries", "0"), .. settings]);
}
