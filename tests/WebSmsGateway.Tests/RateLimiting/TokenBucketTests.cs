using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.RateLimiting;

namespace WebSmsGateway.Tests.RateLimiting;

public sealed class TokenBucketTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Take_FreshBucket_GivesTheWholeBurstAndCountsDown()
    {
        var bucket = new TokenBucket(clock);

        var remaining = Enumerable.Range(0, 3).Select(_ => bucket.Take(3)).Select(grant => (grant.IsGranted, grant.Remaining));

        Assert.Equal([(true, 2), (true, 1), (true, 0)], remaining);
    }

    [Fact]
    public void Take_EmptyBucket_SaysWhenTheNextTokenIsThereAndKeepsItsWord()
    {
        var bucket = new TokenBucket(clock);
        Drain(bucket, 6);

        var refused = bucket.Take(6);
        clock.Advance(TimeSpan.FromSeconds(refused.Seconds) - TimeSpan.FromMilliseconds(1));
        var early = bucket.Take(6);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new Grant(false, 0, 10), refused);
        Assert.False(early.IsGranted);
        Assert.True(bucket.Take(6).IsGranted);
        Assert.False(bucket.Take(6).IsGranted);
    }

    [Fact]
    public void Take_AfterALongRest_GivesNoMoreThanTheBurst()
    {
        var bucket = new TokenBucket(clock);
        Drain(bucket, 5);
        clock.Advance(TimeSpan.FromHours(1));

        Drain(bucket, 5);
        Assert.False(bucket.Take(5).IsGranted);
    }

    [Fact]
    public async Task Take_FromManyThreads_GivesEachTokenOnce()
    {
        var bucket = new TokenBucket(clock);
        var granted = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var attempt = 0; attempt < 1_000; attempt++)
            {
                if (bucket.Take(1_500).IsGranted)
                {
                    Interlocked.Increment(ref granted);
                }
            }
        })));

        Assert.Equal(1_500, granted);
    }

    [Fact]
    public void Take_AnyOutcome_AllocatesNothing()
    {
        var bucket = new TokenBucket(TimeProvider.System);
        bucket.Take(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var attempt = 0; attempt < 100; attempt++)
        {
            bucket.Take(10);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Buckets_MoreKeysThanRoom_NeverGrowsAndForgetsOnlyFullBuckets()
    {
        var buckets = new Buckets<int>(clock, capacity: 10);
        Drain(buckets.Of(0), 2);
        for (var key = 1; key < 100; key++)
        {
            buckets.Of(key).Take(2);
        }

        Assert.Equal(10, buckets.Count);
        Assert.False(buckets.Of(0).Take(2).IsGranted);
        Assert.False(buckets.Of(1_000).Take(2).IsGranted);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(buckets.Of(1_000).Take(2).IsGranted);
        Assert.InRange(buckets.Count, 1, 10);
    }

    private static void Drain(TokenBucket bucket, int perMinute)
    {
        for (var token = 0; token < perMinute; token++)
        {
            Assert.True(bucket.Take(perMinute).IsGranted);
        }
    }
}
