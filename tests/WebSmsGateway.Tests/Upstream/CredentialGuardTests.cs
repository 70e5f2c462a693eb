using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Tests.Upstream;

public sealed class CredentialGuardTests
{
    private static readonly UpstreamAnswer Success = UpstreamAnswer.Verified(default, [], [], true, 2);
    private static readonly UpstreamAnswer Rejection = Failure(UpstreamError.CredentialsRejected);

    private readonly FakeTimeProvider time = new();
    private readonly CredentialGuard guard;

    public CredentialGuardTests() => guard = new(time, NullLogger<CredentialGuard>.Instance);

    [Fact]
    public async Task EnterAsync_NothingProven_LetsOneGoFirst()
    {
        using var first = await guard.EnterAsync(default);
        var second = guard.EnterAsync(default);

        Assert.Null(first.Failure);
        Assert.False(second.IsCompleted);

        first.Settle(Success);
        Assert.Null((await second).Failure);
        Assert.Null((await guard.EnterAsync(default)).Failure);
    }

    [Fact]
    public async Task EnterAsync_FirstIsRejected_RefusesAllWhoWaited()
    {
        using var first = await guard.EnterAsync(default);
        var waiting = Enumerable.Range(0, 50).Select(_ => guard.EnterAsync(default).AsTask()).ToList();

        first.Settle(Rejection);

        Assert.All(await Task.WhenAll(waiting), permit => Assert.Equal(UpstreamError.CredentialsRejected, permit.Failure?.Error));
    }

    [Fact]
    public async Task Renew_WhileCallsAreHeldBack_LetsOneGoAtOnceAndForgetsThePauses()
    {
        (await guard.EnterAsync(default)).Settle(Rejection);
        time.Advance(TimeSpan.FromSeconds(31));
        (await guard.EnterAsync(default)).Settle(Rejection);
        Assert.NotNull((await guard.EnterAsync(default)).Failure);

        guard.Renew();

        Assert.Null(guard.HeldBackFor);
        using var first = await guard.EnterAsync(default);
        Assert.Null(first.Failure);
        Assert.False(guard.EnterAsync(default).AsTask().IsCompleted);
        first.Settle(Rejection);
        Assert.Equal(TimeSpan.FromSeconds(30), guard.HeldBackFor);
    }

    /// <summary>What WEBSMS says about the password before says nothing about the new one.</summary>
    [Fact]
    public async Task Renew_WhileACallIsInFlight_ItsRejectionHoldsNobodyBackAndItsRetryMayGo()
    {
        using var before = await guard.EnterAsync(default);

        guard.Renew();

        Assert.Null(before.Revoked());
        before.Settle(Rejection);
        Assert.Null(guard.HeldBackFor);
        Assert.False(guard.AreProven);
        Assert.Null((await guard.EnterAsync(default)).Failure);
    }

    [Theory]
    [InlineData(UpstreamError.Unreachable)]
    [InlineData(UpstreamError.Timeout)]
    [InlineData(UpstreamError.Unavailable)]
    public async Task EnterAsync_FirstGotNoAnswer_SparesTheOthersTheirTurn(object error)
    {
        using var first = await guard.EnterAsync(default);
        var second = guard.EnterAsync(default);

        first.Settle(Failure((UpstreamError)error));

        Assert.Equal((UpstreamError)error, (await second).Failure?.Error);
        Assert.Null((await guard.EnterAsync(default)).Failure);
    }

    [Theory]
    [InlineData(UpstreamError.InvalidResponse)]
    [InlineData(UpstreamError.Truncated)]
    [InlineData(UpstreamError.TooLong)]
    [InlineData(UpstreamError.InvalidDate)]
    [InlineData(UpstreamError.OtherErrorNumber)]
    [InlineData(UpstreamError.CredentialsMissing)]
    public async Task EnterAsync_FirstProvedNothing_LetsTheNextGoFirst(object error)
    {
        using var first = await guard.EnterAsync(default);
        var second = guard.EnterAsync(default).AsTask();
        var third = guard.EnterAsync(default).AsTask();

        first.Settle(Failure((UpstreamError)error));

        var next = await Task.WhenAny(second, third);
        Assert.Null((await next).Failure);
        Assert.False((next == second ? third : second).IsCompleted);
        (await next).Settle(Success);
        Assert.Null((await third).Failure);
    }

    [Fact]
    public async Task EnterAsync_FirstIsCancelled_LetsTheNextGoFirst()
    {
        var first = await guard.EnterAsync(default);
        var second = guard.EnterAsync(default);

        first.Dispose();

        Assert.Null((await second).Failure);
    }

    [Fact]
    public async Task EnterAsync_CallerLeavesTheLine_ThrowsAndHoldsUpNobody()
    {
        using var first = await guard.EnterAsync(default);
        using var leaving = new CancellationTokenSource();
        var second = guard.EnterAsync(leaving.Token);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await second);
        first.Settle(Success);

        Assert.Null((await guard.EnterAsync(default)).Failure);
    }

    [Fact]
    public async Task Settle_ManyInFlightRejectedTogether_CountAsOne()
    {
        await ProveAsync();
        var inFlight = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => guard.EnterAsync(default).AsTask()));

        foreach (var permit in inFlight)
        {
            Assert.Null(permit.Revoked());
        }

        foreach (var permit in inFlight)
        {
            permit.Settle(Rejection);
        }

        Assert.All(inFlight, permit => Assert.Equal(UpstreamError.CredentialsRejected, permit.Revoked()?.Error));
        Assert.Equal(TimeSpan.FromSeconds(30), (await guard.EnterAsync(default)).Failure?.RetryAfter);
    }

    [Fact]
    public async Task Settle_SuccessSentBeforeTheRejection_DoesNotReopen()
    {
        await ProveAsync();
        var early = await guard.EnterAsync(default);
        (await guard.EnterAsync(default)).Settle(Rejection);

        early.Settle(Success);

        Assert.NotNull((await guard.EnterAsync(default)).Failure);
    }

    [Fact]
    public async Task Settle_SuccessAfterPauses_StartsOverWithTheShortest()
    {
        foreach (var seconds in new[] { 30, 60, 120 })
        {
            (await guard.EnterAsync(default)).Settle(Rejection);
            Assert.Equal(TimeSpan.FromSeconds(seconds), (await guard.EnterAsync(default)).Failure?.RetryAfter);
            time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await ProveAsync();
        (await guard.EnterAsync(default)).Settle(Rejection);

        Assert.Equal(TimeSpan.FromSeconds(30), (await guard.EnterAsync(default)).Failure?.RetryAfter);
    }

    private static UpstreamAnswer Failure(UpstreamError error) => UpstreamAnswer.Failed(new(error, "detail"));

    private async Task ProveAsync()
    {
        using var permit = await guard.EnterAsync(default);
        Assert.Null(permit.Failure);
        permit.Settle(Success);
    }
}
