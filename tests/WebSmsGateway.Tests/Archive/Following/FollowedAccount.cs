using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Budgets;
using WebSmsGateway.Http;
using WebSmsGateway.Messages;
using WebSmsGateway.Model;
using WebSmsGateway.Turns;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Following;

/// <summary>An account that receives messages while callers page through them. Only WEBSMS and the clock are not the real ones.</summary>
internal sealed class FollowedAccount : IUpstream, IDisposable
{
    private readonly List<(WireRecord Record, DateTimeOffset Reported)> received = [];
    private readonly CursorCodec cursors;
    private readonly Follower follower;
    private readonly Download download;

    /// <param name="now">The moment at the start.</param>
    /// <param name="memoryMegabytes">What memory holds.</param>
    /// <param name="searches">The turns of searches.</param>
    public FollowedAccount(DateTimeOffset now, int memoryMegabytes = 128, SearchTurns? searches = null)
    {
        Clock = new FakeTimeProvider(now);
        var (cache, upstream) = (Options.Create(new CacheOptions { MemoryLimitMegabytes = memoryMegabytes }), Options.Create(new UpstreamOptions()));
        var (schedule, clock, memory) = (new Schedule(cache, upstream, Zone), new ArchiveClock(Clock), new MemoryTier(cache));
        var heads = new ScopeHeads(memory, clock);
        var questions = new DayQuestions(
            this, memory, heads, new MessageFactory(Zone, Keys), new RecordMerge(schedule, Zone), schedule, Zone, clock);
        var fetch = new ScopeFetch(memory, heads, questions, schedule, upstream, clock, Clock, NullLogger<ScopeFetch>.Instance);
        cursors = new CursorCodec(cache, upstream, Keys);
        var archive = new MessageArchive(memory, heads, fetch, schedule, Zone, upstream, clock, Clock);
        searches ??= new SearchTurns();
        follower = new Follower(archive, new Stretches(archive, upstream), schedule, cursors, Zone, searches);
        download = new Download(follower, archive, Zone, searches);
    }

    public FakeTimeProvider Clock { get; }

    public CursorCodec Cursors => cursors;

    /// <summary>The texts of all messages, in the order in which they arrived.</summary>
    public IEnumerable<string> Arrived => received.Select(message => message.Record.Message);

    /// <summary>Days about which WEBSMS does not answer.</summary>
    public HashSet<DateOnly> Unanswered { get; } = [];

    public void Dispose() => cursors.Dispose();

    /// <summary>Receives a message that WEBSMS reports at once or later.</summary>
    public string Receive(DateTimeOffset at, string? text = null, TimeSpan late = default, RentedNumber? number = null)
    {
        text ??= $"Код {received.Count}";
        var local = Zone.ToLocal(at);
        local = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerSecond));
        received.Add((new WireRecord(local, (number ?? Number).ToString(), "79161234567", text), Clock.GetUtcNow() + late));
        return text;
    }

    public Task<UpstreamAnswer> AskAsync(UpstreamQuestion question, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var (first, last) = (DateOnly.FromDateTime(question.From), DateOnly.FromDateTime(question.Through));
        bool IsAsked(DateTime date) => date >= question.From && date <= question.Through;
        return Task.FromResult(Unanswered.Any(day => day >= first && day <= last)
            ? UpstreamAnswer.Failed(new UpstreamFailure(UpstreamError.Timeout, "WEBSMS did not answer in time."))
            : UpstreamAnswer.Verified(
                now,
                [
                    .. received.Where(message => message.Reported <= now && IsAsked(message.Record.Date))
                        .Select(message => message.Record).OrderBy(record => record.Date),
                ],
                [], isWhole: true, 0));
    }

    /// <summary>Reads a page as its endpoint does.</summary>
    public Task<PageReading> ReadAsync(PageRequest request, RentedNumber? number = null, bool hasCursorEach = false) =>
        follower.ReadAsync(QueryOf(request, number) with { HasCursorEach = hasCursorEach }, CancellationToken.None);

    /// <summary>Downloads a range. The texts of the messages.</summary>
    public async Task<List<string>> DownloadAsync(PageRequest request, DaysAtHand held)
    {
        var texts = new List<string>();
        await foreach (var part in download.ReadAsync(QueryOf(request, null) with { Limit = null }, held, CancellationToken.None))
        {
            Assert.Null(part.Failure);
            texts.AddRange(part.Items.Select(message => message.Text));
        }

        return texts;
    }

    private MessageQuery QueryOf(PageRequest request, RentedNumber? number)
    {
        var validator = new PageRequestValidator(new QueryRules(Zone, cursors, Clock, Options.Create(new LimitsOptions())));
        var result = validator.Validate(request.CheckFor(new QueryCaller(number ?? Number, NumberSet.All, MessageFields.All)));
        return result.IsValid ? request.Query! : throw new ArgumentException(result.ToString());
    }

    /// <summary>The texts of a page, and its cursor.</summary>
    public async Task<(List<string> Items, string? Next)> PageAsync(PageRequest request)
    {
        var page = (await ReadAsync(request)).Page!;
        return ([.. page.Items.Select(message => message.Text)], page.NextCursor);
    }

    /// <summary>Reads pages until one is empty.</summary>
    public async Task<(List<string> Items, string? Next)> DrainAsync(PageRequest request)
    {
        var given = new List<string>();
        for (var pages = 0; pages < 20_000; pages++)
        {
            var (items, next) = await PageAsync(request);
            given.AddRange(items);
            if (items.Count == 0 || next is null)
            {
                return (given, next);
            }

            request = request with { Cursor = next };
        }

        throw new InvalidOperationException($"The walk does not end: {string.Join(", ", given.Take(30))}");
    }

    /// <summary>Reads on for 40 hours. Each recheck is asked for at its age: in the end nothing is late any more.</summary>
    public async Task<List<string>> DrainThroughRechecksAsync(PageRequest request)
    {
        var given = new List<string>();
        for (var hour = 0; hour < 40; hour++)
        {
            Clock.Advance(TimeSpan.FromHours(1));
            var (items, next) = await DrainAsync(request);
            given.AddRange(items);
            request = request with { Cursor = next };
        }

        return given;
    }
}
