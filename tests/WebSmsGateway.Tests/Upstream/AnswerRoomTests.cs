using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Budgets;
using WebSmsGateway.Tests.Archive;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream;

/// <summary>Answers of WEBSMS take no more memory than there is for them, and wait for each other without an end.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class AnswerRoomTests : IDisposable
{
    private const long Mebibyte = 1024 * 1024;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly AnswerMemory memory;
    private readonly AnswerRoom room;
    private long reported;

    public AnswerRoomTests()
    {
        memory = new AnswerMemory(16 * Mebibyte, "", held => reported = held);
        room = new AnswerRoom(memory, Options.Create(new UpstreamOptions()));
    }

    private int Longest => memory.LongestMegabytes * (int)Mebibyte;

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Grow_LongAnswersAtOnce_StayWithinTheTotalAndAllEnd()
    {
        Assert.Equal(2 * Mebibyte, Longest);
        var most = 0L;
        await Task.WhenAll(Enumerable.Range(0, new UpstreamOptions().MaxConcurrency).Select(i => Task.Run(async () =>
        {
            for (var answer = 0; answer < 80; answer++)
            {
                using var charge = room.Open();
                for (var length = 64 * 1024; length <= Longest; length *= 2)
                {
                    await charge.GrowAsync(length, CancellationToken.None);
                    InterlockedMax(ref most, room.Used);
                    await Task.Yield();
                }

                charge.EndReading();
            }
        }))).WaitAsync(Soon, TimeProvider.System);

        Assert.InRange(most, Longest * AnswerMemory.Cost, memory.Total);
        Assert.Equal((0, 0), (room.Used, reported));
    }

    [Fact]
    public async Task Grow_WhileAnotherLongAnswerIsRead_WaitsForItsEnd()
    {
        using var first = room.Open();
        await first.GrowAsync(Longest, CancellationToken.None);
        using var second = room.Open();
        Assert.True(second.TryGrow(64 * 1024));
        Assert.False(second.TryGrow(Longest));
        var waiting = second.GrowAsync(Longest, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        first.EndReading();
        Assert.False(waiting.IsCompleted);
        first.Dispose();

        await waiting.WaitAsync(Soon, TimeProvider.System);
        Assert.Equal(Longest * AnswerMemory.Cost, second.Amount);
    }

    [Fact]
    public async Task Grow_CallerLeaves_EndsAndHoldsNothing()
    {
        using var first = room.Open();
        await first.GrowAsync(Longest, CancellationToken.None);
        using var left = new CancellationTokenSource();
        var second = room.Open();
        var waiting = second.GrowAsync(Longest, left.Token);

        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        second.Dispose();
        first.Dispose();
        Assert.Equal(0, room.Used);
        using var third = room.Open();
        Assert.True(third.TryGrow(Longest));
    }

    [Theory]
    [InlineData("Код 1234")]
    [InlineData("Your code is 123456. Do not tell it to anybody, not even to the staff of the bank.")]
    public void Cost_OfAnAnswer_IsNoLessThanTheMemoryThatItTakes(string text)
    {
        var answer = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(0, 20_000).Select(i =>
            $$"""{"sms_date":"11.03.2013 12:09:01","telnum":"7916{{i:0000000}}","rentnum":"7902{{i:0000000}}","message":"{{text}} {{i}}"}""")) + "]");
        var before = MeasuredAlone.Memory();

        var document = WireReader.Read(answer, "utf-8", WireEnd.Proven, CancellationToken.None);

        // The buffer may be twice as long as the answer, and while it grows there is a second one of half that.
        var taken = MeasuredAlone.Memory() - before + (3L * answer.Length);
        Assert.Equal(20_000, document.Records.Count);
        Assert.InRange(taken, answer.Length, (long)AnswerMemory.Cost * answer.Length);
    }

    [Fact]
    public void Default_UnderTheShippedManifest_IsLoweredToWhatFits()
    {
        // A container of 512 MiB has a heap of 384 MiB.
        var plan = MemoryPlan.Of(new LimitsOptions(), 384 * Mebibyte);
        var shipped = new AnswerMemory(plan.Of(BudgetPart.Answers), plan.Arithmetic(BudgetPart.Answers), _ => { });
        var options = new UpstreamOptions { Username = "demo", Password = "demo" };
        new UpstreamDefaults(shipped).Set(options);

        Assert.InRange(options.MaxAnswerMegabytes, 4, 63);
        Assert.Empty(new UpstreamOptionsValidator(shipped).Validate(options).Errors);
        options.MaxAnswerMegabytes = 64;
        var fault = Assert.Single(new UpstreamOptionsValidator(shipped).Validate(options).Errors);
        Assert.Contains("Limits:MemoryMegabytes 288 x 4/16", fault.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Default_WithMuchMemory_IsNotRaised()
    {
        var options = new UpstreamOptions();
        new UpstreamDefaults(memory with { Total = 1L << 40 }).Set(options);

        Assert.Equal(64, options.MaxAnswerMegabytes);
    }

    [Fact]
    public async Task Deadline_WhileItIsPaused_StandsStill()
    {
        var clock = new FakeTimeProvider();
        using var deadline = new AttemptDeadline(TimeSpan.FromSeconds(10), clock, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(6));
        await deadline.PauseAsync(_ =>
        {
            clock.Advance(TimeSpan.FromHours(1));
            return Task.CompletedTask;
        });
        Assert.False(deadline.HasPassed);

        clock.Advance(TimeSpan.FromSeconds(3.9));
        Assert.False(deadline.Token.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(deadline.HasPassed);
        Assert.True(deadline.Token.IsCancellationRequested);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen && Interlocked.CompareExchange(ref most, value, seen) is var now && now != seen; seen = now)
        {
        }
    }
}
