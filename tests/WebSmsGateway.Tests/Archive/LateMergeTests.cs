using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Upstream;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>An answer that is there and waits until another one is merged.</summary>
public sealed class LateMergeTests : IUpstream
{
    private static readonly DateOnly Today = new(2026, 3, 11);

    private readonly FakeTimeProvider clock = new(Moment(11, 12));

    /// <summary>A time that moves back makes messages from between the two questions look as if pages had given them.</summary>
    [Fact]
    public async Task Ask_AnswerWaitsWhileThatToALaterQuestionIsMerged_MovesNoTimeBack()
    {
        var (cache, upstream) = (Options.Create(new CacheOptions()), Options.Create(new UpstreamOptions()));
        var (memory, archiveClock, schedule) = (new MemoryTier(cache), new ArchiveClock(clock), new Schedule(cache, upstream, Zone));
        var questions = new DayQuestions(
            this, memory, new ScopeHeads(memory, archiveClock), new MessageFactory(Zone, Keys), new RecordMerge(schedule, Zone), schedule, Zone, archiveClock);
        await AskAsync();
        var writer = memory.WriterOf(Scope.Account);
        await writer.WaitAsync();

        var waiting = AskAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        var later = clock.GetUtcNow();
        var known = Known();
        memory.Replace(Scope.Account, memory.HeadOf(Scope.Account), [known.With([], known.Metadata with { AskedAt = later })], isFromRedis: false);
        clock.Advance(TimeSpan.FromMinutes(1));
        writer.Release();
        await waiting;

        Assert.Equal(later, Known().AskedAt);

        DayRecord Known() => memory.Peek(new DayKey(Scope.Account, Today))!;

        Task AskAsync() => questions.AskAsync(
            Scope.Account, new DayRun([new DayFetch(Today, 0)], StartsWithTail: false), day => memory.Peek(new DayKey(Scope.Account, day)),
            CancellationToken.None);
    }

    Task<UpstreamAnswer> IUpstream.AskAsync(UpstreamQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult(UpstreamAnswer.Verified(clock.GetUtcNow(), [], [], isWhole: true, 0));
}
