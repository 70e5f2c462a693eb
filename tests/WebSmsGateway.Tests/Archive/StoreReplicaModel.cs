using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>A replica that merges answers about one day into the shared head.</summary>
internal sealed class StoreReplicaModel
{
    private readonly RecordMerge merge = new(ScheduleOf(), Zone);
    private readonly MemoryTier memory = new(Options.Create(new CacheOptions()));

    public StoreReplicaModel(StoreModel? store)
    {
        var clock = new ArchiveClock(Clock, store);
        Days = new DayStore(store ?? new StoreModel(), ScheduleOf(), Zone, Clock);
        Heads = new ScopeHeads(
            memory, clock, store, store is null ? null : Days,
            store is null ? null : new HeadWriter(memory, ScheduleOf(), clock, store, Days));
    }

    public FakeTimeProvider Clock { get; } = new(Moment(11, 12));

    public ScopeHeads Heads { get; }

    public DayStore Days { get; }

    public ScopeHead Head => memory.HeadOf(Scope.Account);

    /// <summary>The texts that are known of the day, in the order of time.</summary>
    public IEnumerable<string> Texts => Record is null ? [] : Messages.Select(message => message.Text);

    public IEnumerable<Message> Messages => MessagesOf(Record!);

    public DayRecord? Record => memory.Peek(new DayKey(Scope.Account, Day));

    public Task SyncAsync() => Heads.SyncAsync(Scope.Account, CancellationToken.None);

    public Task LoadAsync() => Heads.LoadAsync(Scope.Account, [Day], CancellationToken.None);

    /// <summary>Merges an answer that has these messages, a second each after the other.</summary>
    public async Task AnswerAsync(params string[] texts)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        var now = Clock.GetUtcNow();
        await Heads.CommitAsync(
            Scope.Account,
            [Day],
            (head, moment) =>
            {
                var previous = memory.Peek(new DayKey(Scope.Account, Day));
                var ordinal = 0;
                var start = Day.ToDateTime(TimeOnly.MinValue);
                var record = merge.Merge(
                    Day, previous,
                    new DayAnswer(
                        MergedDay.Answer(now), [.. texts.Select((text, i) => Reported(TimeSpan.FromSeconds(10 + i), text))],
                        new(null, start, start.AddDays(1).AddSeconds(-1)), IsTail: false, IsFirstDay: true, now, now, TimeSpan.Zero, head.LastStamp),
                    moment, ref ordinal);
                return new Merged([record], previous is null || ordinal > 0, TimeSpan.Zero, IsNewestFirst: false);
            },
            CancellationToken.None);
    }
}
