using System.Text.Json;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>An answer of WEBSMS breaks off behind whole records, or ends in the error page of a script.</summary>
public sealed class CutAnswerTests() : Scenario(Day.AddHours(20))
{
    private const string AnswerCut = "answer-cut";

    private static readonly DateTimeOffset Day = new(2026, 3, 14, 0, 0, 0, TimeSpan.FromHours(3));
    private static readonly DateTimeOffset End = Day.AddDays(1);
    private static readonly string[] All = [.. Enumerable.Range(0, 10).Select(i => $"сообщение {i}")];

    public static TheoryData<string, string> Cuts
    {
        get
        {
            var cuts = new TheoryData<string, string>();
            foreach (var format in (string[])["json", "xml", "txt"])
            {
                foreach (var kind in (string[])["error page", "reset", "shorter than announced", "shorter"])
                {
                    // TXT that is shorter, and whose length says so, is a whole answer for all that anybody can tell.
                    if ((format, kind) != ("txt", "shorter"))
                    {
                        cuts.Add(format, kind);
                    }
                }
            }

            return cuts;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task FirstRead_IsCut_GivesTheWholeRecordsAndTheRestOnce(string format, string kind)
    {
        Receive();
        await using var gateway = Start(("Upstream:Format", format));
        Account.Behaviour = new() { Faults = [CutBy(kind)] };

        var read = await ReadAsync(gateway);

        var given = read.Texts.Count();
        Assert.InRange(given, 3, 6);
        Assert.Equal(All[..given], read.Texts);
        Assert.Equal(given, Assert.Single(read.Problems(AnswerCut)).GetProperty("count").GetInt32());
        Assert.Equal(Day, read.CompleteUntil);
        Assert.False(read.IsStale);
        var follower = new PageFollower(gateway, "from=2026-03-14");
        Assert.Equal(All[..given], await follower.ReadAllAsync());

        Account.Behaviour = new();
        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(All[given..], await follower.ReadAllAsync());
        read = await ReadAsync(gateway);
        Assert.Equal(All, read.Texts);
        Assert.Empty(read.Body.GetProperty("problems").EnumerateArray());
        Assert.Equal(Clock.GetUtcNow(), read.CompleteUntil);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task OpenDay_ALaterAnswerIsCut_NothingIsDoubtedAndNothingMoreIsComplete(string format, string kind)
    {
        Receive();
        await using var gateway = Start(("Upstream:Format", format));
        Assert.Equal(All, (await ReadAsync(gateway)).Texts);
        var complete = Clock.GetUtcNow();

        // The tails are short, and the whole read in the background is not.
        Account.Behaviour = new() { Faults = [CutBy(kind)] };
        Arrive("новое 1");
        Arrive("новое 2");
        Clock.Advance(TimeSpan.FromMinutes(5));
        var read = await ReadAsync(gateway);
        await SettleAsync(gateway);
        read = await ReadAsync(gateway);
        Assert.Equal(All, read.Texts.Take(All.Length));
        Assert.Empty(read.Problems("no-longer-reported"));
        Assert.Single(read.Problems(AnswerCut));
        Assert.Equal(complete, read.CompleteUntil);

        Account.Behaviour = new();
        Clock.Advance(TimeSpan.FromSeconds(6));
        read = await ReadAsync(gateway);
        Assert.Equal([.. All, "новое 1", "новое 2"], read.Texts);
        Assert.Empty(read.Problems(AnswerCut));
        Assert.Empty(read.Problems("no-longer-reported"));
        Assert.Equal(Clock.GetUtcNow(), read.CompleteUntil);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("xml")]
    [InlineData("txt")]
    public async Task ClosedDay_IsCut_IsNotClosedAndAskedForAgainAfterFiveMinutes(string format)
    {
        Receive();
        await using var gateway = Start(("Upstream:Format", format));
        GoTo(End.AddDays(9));
        Account.Behaviour = new() { Faults = [SimulatorFault.ErrorPage() with { Times = 1 }] };
        Assert.Equal(All[..5], (await ReadAsync(gateway)).Texts);
        Account.ClearRequests();

        Clock.Advance(TimeSpan.FromSeconds(299));
        var read = await ReadAsync(gateway);
        Assert.Equal(All[..5], read.Texts);
        Assert.Equal(Day, read.CompleteUntil);
        Assert.Empty(Account.Requests());

        // The next answer is whole, and the last that is owed.
        Clock.Advance(TimeSpan.FromSeconds(1));
        read = await ReadAsync(gateway);
        Assert.Equal((All.Length, End), (read.Texts.Count(), read.CompleteUntil));
        Assert.Empty(read.Problems(AnswerCut));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(All, (await ReadAsync(gateway)).Texts);
        Assert.Single(Account.Requests());
    }

    [Fact]
    public async Task Recheck_IsCut_DoubtsNothingAndKeepsTheDayComplete()
    {
        Receive();
        await using var gateway = Start();
        GoTo(End.AddMinutes(11));
        Assert.Equal(All, (await ReadAsync(gateway)).Texts);

        Account.Behaviour = new() { Faults = [SimulatorFault.ErrorPage()] };
        GoTo(End.AddHours(1));
        foreach (var minutes in (int[])[0, 5, 5])
        {
            Clock.Advance(TimeSpan.FromMinutes(minutes));
            var read = await ReadAsync(gateway);
            Assert.Equal(All, read.Texts);
            Assert.Equal(All.Length, Assert.Single(read.Problems(AnswerCut)).GetProperty("count").GetInt32());
            Assert.Empty(read.Problems("no-longer-reported"));
            Assert.Equal(End, read.CompleteUntil);
        }
    }

    [Fact]
    public async Task Walk_QuestionForSeveralDaysIsCut_EndsBeforeTheFirstDayWithoutARecord()
    {
        foreach (var day in (int[])[10, 11, 12])
        {
            Account.Receive($"2026-03-{day} 10:00:00", $"день {day}");
            Account.Receive($"2026-03-{day} 11:00:00", $"день {day}, второе");
        }

        await using var gateway = Start();
        Account.Behaviour = new() { Faults = [SimulatorFault.ErrorPage(0.7) with { Times = 1 }] };
        var follower = new PageFollower(gateway, "from=2026-03-10&to=2026-03-12");

        var page = await follower.ReadAsync();
        Assert.Equal(["день 10", "день 10, второе", "день 11", "день 11, второе"], follower.Texts);
        Assert.Equal((true, 2), (page.GetProperty("stale").GetBoolean(), page.GetProperty("problems").EnumerateArray().Count(IsCut)));

        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["день 12", "день 12, второе"], await follower.ReadAllAsync());

        static bool IsCut(JsonElement problem) => problem.GetProperty("reason").GetString() == AnswerCut;
    }

    [Fact]
    public async Task FollowerFromNow_AnswersAreCut_GetsWhatIsNewAndNothingOld()
    {
        Receive();
        await using var gateway = Start();
        Account.Behaviour = new() { Faults = [SimulatorFault.ErrorPage(0.5)], Format = new() { Order = RecordOrder.Desc } };
        var follower = new PageFollower(gateway, "limit=100", cursor: "now");
        await follower.ReadAsync();
        Assert.Empty(follower.Texts);

        Clock.Advance(TimeSpan.FromSeconds(6));
        Arrive("новое");
        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["новое"], await follower.ReadAllAsync());

        Account.Behaviour = new();
        Clock.Advance(TimeSpan.FromMinutes(6));
        Arrive("ещё");
        Clock.Advance(TimeSpan.FromSeconds(6));
        await follower.ReadAllAsync();
        Assert.Equal(["новое", "ещё"], follower.Texts);
    }

    [Theory]
    [InlineData("json", "\uFEFF\uFEFF\r\n", "\0\0")]
    [InlineData("xml", " \r\n\uFEFF", "<!-- page made in 3 ms -->")]
    [InlineData("txt", "\r\n\uFEFF\uFEFF", "\0\r\n")]
    public async Task Answer_MarksBeforeAndSomethingBehind_IsWhole(string format, string before, string behind)
    {
        Receive();
        Account.Behaviour = new() { Format = new() { Before = before, Behind = behind } };
        await using var gateway = Start(("Upstream:Format", format));

        var read = await ReadAsync(gateway);

        Assert.Equal(All, read.Texts);
        Assert.Empty(read.Body.GetProperty("problems").EnumerateArray());
        Assert.Equal(Clock.GetUtcNow(), read.CompleteUntil);
    }

    private static SimulatorFault CutBy(string kind) => kind switch
    {
        "error page" => SimulatorFault.ErrorPage(),
        "reset" => new() { Kind = FaultKind.Reset, AtFraction = 0.5 },
        "shorter than announced" => new() { Kind = FaultKind.Truncate, AtFraction = 0.5, AnnounceWhole = true },
        _ => new() { Kind = FaultKind.Truncate, AtFraction = 0.5 },
    };

    private void Receive()
    {
        foreach (var (i, text) in All.Index())
        {
            Account.Receive($"2026-03-14 10:0{i}:00", text);
        }
    }

    private static Task<PageRead> ReadAsync(RunningGateway gateway) =>
        gateway.ReadAsync("2026-03-14", "2026-03-14", query: "&limit=1000&order=asc");
}
