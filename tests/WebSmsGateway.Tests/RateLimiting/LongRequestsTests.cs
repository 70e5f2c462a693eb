using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;
using WebSmsGateway.Http;
using WebSmsGateway.Model;
using WebSmsGateway.RateLimiting;

namespace WebSmsGateway.Tests.RateLimiting;

public sealed class LongRequestsTests
{
    private readonly LongRequests requests = new(Options.Create(new RateLimitingOptions { LongRequestsPerCaller = 2 }));

    [Fact]
    public void TryEnter_AsManyOpenAsAllowed_RefusesThisCallerOnlyUntilOneLeaves()
    {
        Assert.True(requests.TryEnter(CallerNamed("shop"), out var first));
        Assert.True(requests.TryEnter(CallerNamed("shop"), out _));
        Assert.False(requests.TryEnter(CallerNamed("shop"), out _));
        Assert.True(requests.TryEnter(CallerNamed("other"), out _));

        first.Dispose();
        first.Dispose();

        Assert.True(requests.TryEnter(CallerNamed("shop"), out _));
        Assert.False(requests.TryEnter(CallerNamed("shop"), out _));
    }

    [Fact]
    public async Task TryEnter_FromManyThreads_NeverLetsInMoreThanAllowed()
    {
        var inside = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var attempt = 0; attempt < 5_000; attempt++)
            {
                if (requests.TryEnter(CallerNamed("shop"), out var lease))
                {
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    Interlocked.Decrement(ref inside);
                    lease.Dispose();
                }
            }
        })));

        Assert.InRange(most, 1, 2);
        Assert.True(requests.TryEnter(CallerNamed("shop"), out _));
        Assert.True(requests.TryEnter(CallerNamed("shop"), out _));
    }

    private static Caller CallerNamed(string name) => new("key:" + name, name, NumberSet.All, null);
}
