using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

[Collection(TimedTests.Name)]
public sealed class SingleRedisHeadTests(SingleRedis redis) : HeadSuite(redis), IClassFixture<SingleRedis>;

[Collection(TimedTests.Name)]
public sealed class SecuredRedisHeadTests(SecuredRedis redis) : HeadSuite(redis), IClassFixture<SecuredRedis>;

[Collection(TimedTests.Name)]
public sealed class ClusterRedisHeadTests(ClusterRedis redis) : HeadSuite(redis), IClassFixture<ClusterRedis>;

/// <summary>A head is replaced by the replica that has read it last, and by no other. A head that nobody can read is none.</summary>
public abstract class HeadSuite(RedisTopology redis) : SharedStoreSuite(redis)
{
    // With one of the first bytes damaged a head has another tag, with one of the last ones the same.
    public static TheoryData<string[]> Damages =>
    [
        ["SET {0} rubbish"], ["SET {0} \"\""], ["SET {0} x"], ["SETRANGE {0} 0 WSG0"], ["SETRANGE {0} 10 xxxx"], ["SETRANGE {0} 40 xxxx"],
        ["APPEND {0} x"], ["DEL {0}", "LPUSH {0} x"], ["DEL {0}", "HSET {0} data x"], ["DEL {0}", "SADD {0} x"],
    ];

    [Fact]
    public async Task ReadHead_Absent_IsNoneWithAnEmptyTag() =>
        Assert.Equal(new StoredHead("", null), await First.Store.ReadHeadAsync(Scope, null, None));

    [Fact]
    public async Task ReplaceHead_OfTheOtherReplica_IsReadWithTheTagThatItReturned()
    {
        var written = await First.Store.ReplaceHeadAsync(Scope, "", Bytes("голова"), None);
        var head = await Second.Store.ReadHeadAsync(Scope, null, None);

        Assert.Equal((HeadWriteOutcome.Written, head!.Tag), (written.Outcome, written.Tag));
        Assert.Equal("голова", Text(head.Payload));
        Assert.Equal(HeadWriteOutcome.Written, (await Second.Store.ReplaceHeadAsync(Scope, head.Tag, Bytes("x"), None)).Outcome);
    }

    [Fact]
    public async Task ReplaceHead_TwoReplicasAtOnce_ExactlyOneWins()
    {
        for (var round = 0; round < 50; round++)
        {
            var tag = (await First.Store.ReadHeadAsync(Scope, null, None))!.Tag;
            var writes = await Task.WhenAll(
                First.Store.ReplaceHeadAsync(Scope, tag, Bytes($"first {round}"), None),
                Second.Store.ReplaceHeadAsync(Scope, tag, Bytes($"second {round}"), None));

            Assert.Equal([HeadWriteOutcome.Lost, HeadWriteOutcome.Written], writes.Select(write => write.Outcome).Order());
            var winner = writes[0].Outcome == HeadWriteOutcome.Written ? "first" : "second";
            Assert.Equal($"{winner} {round}", Text((await First.Store.ReadHeadAsync(Scope, null, None))!.Payload));
        }
    }

    [Fact]
    public async Task ReplaceHead_EqualPayloads_HaveDifferentTags()
    {
        var first = await ReplaceAsync(First, "same");
        var second = await ReplaceAsync(First, "same");

        Assert.NotEqual(first.Tag, second.Tag);
        Assert.Equal(HeadWriteOutcome.Lost, (await Second.Store.ReplaceHeadAsync(Scope, first.Tag, Bytes("x"), None)).Outcome);
    }

    [Fact]
    public async Task ReplaceHead_OfAnotherTagOrOfNone_IsLost()
    {
        Assert.Equal(HeadWriteOutcome.Lost, (await First.Store.ReplaceHeadAsync(Scope, "00ff", Bytes("x"), None)).Outcome);
        var head = await ReplaceAsync(First, "head");

        Assert.Equal(HeadWriteOutcome.Lost, (await Second.Store.ReplaceHeadAsync(Scope, "", Bytes("x"), None)).Outcome);
        Assert.Equal(head.Tag, (await Second.Store.ReadHeadAsync(Scope, null, None))!.Tag);
    }

    [Fact]
    public async Task ReadHead_KnownTag_SendsTheHeadOnlyWhenItChanged()
    {
        var written = await ReplaceAsync(First, "head");
        Assert.Equal(new StoredHead(written.Tag, null), await Second.Store.ReadHeadAsync(Scope, written.Tag, None));

        await ReplaceAsync(First, "newer");
        Assert.Equal("newer", Text((await Second.Store.ReadHeadAsync(Scope, written.Tag, None))!.Payload));

        await RunAsync(":head", "DEL {0}");
        Assert.Equal(new StoredHead("", null), await Second.Store.ReadHeadAsync(Scope, written.Tag, None));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task ReadHead_Damaged_IsNoneAndCanBeReplacedByOneReplica(string[] commands)
    {
        await ReplaceAsync(First, "a head that is long enough to be damaged anywhere");
        await RunAsync(":head", commands);

        var head = await First.Store.ReadHeadAsync(Scope, null, None);
        Assert.Null(head!.Payload);
        var writes = await Task.WhenAll(
            First.Store.ReplaceHeadAsync(Scope, head.Tag, Bytes("new"), None),
            Second.Store.ReplaceHeadAsync(Scope, head.Tag, Bytes("new"), None));

        Assert.Equal([HeadWriteOutcome.Lost, HeadWriteOutcome.Written], writes.Select(write => write.Outcome).Order());
        Assert.Equal("new", Text((await Second.Store.ReadHeadAsync(Scope, null, None))!.Payload));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=")]
    public async Task ReadHead_EncryptedWithAnUnknownKeyOrNot_IsNoneAndCanBeReplaced(string? key)
    {
        await using var other = await StartAsync(("Cache:EncryptionKeys:0", key));
        Assert.Equal(HeadWriteOutcome.Written, (await ReplaceAsync(other, "of the other")).Outcome);

        Assert.Null((await First.Store.ReadHeadAsync(Scope, null, None))!.Payload);
        Assert.Equal(HeadWriteOutcome.Written, (await ReplaceAsync(First, "ours")).Outcome);
        Assert.Equal("ours", Text((await Second.Store.ReadHeadAsync(Scope, null, None))!.Payload));
    }

    [Fact]
    public async Task ReadHead_KeysRotated_IsStillRead()
    {
        var old = Settings().Single(setting => setting.Item1 == "Cache:EncryptionKeys:0").Item2;
        await ReplaceAsync(First, "before");
        await using var rotated = await StartAsync(
            ("Cache:EncryptionKeys:0", "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="), ("Cache:EncryptionKeys:1", old));

        Assert.Equal("before", Text((await rotated.Store.ReadHeadAsync(Scope, null, None))!.Payload));
    }

    [Fact]
    public async Task ReadHead_MovedFromAnotherKey_IsNone()
    {
        var other = new Scope(RentedNumber.Reported("79021234568"));
        await ReplaceAsync(First, "head");
        var from = Assert.Single(await KeysAsync());
        await ReplaceAsync(First, "head of the other", other);
        var to = Assert.Single(await KeysAsync(), key => key != from);

        var database = (await First.Connection.Multiplexer).GetDatabase();
        await database.StringSetAsync(to, await database.StringGetAsync(from));

        Assert.Null((await First.Store.ReadHeadAsync(other, null, None))!.Payload);
        Assert.Equal("head", Text((await First.Store.ReadHeadAsync(Scope, null, None))!.Payload));
    }

    [Fact]
    public async Task ClockOffset_AfterAReadOfAHead_IsTheDifferenceToTheClockOfRedis()
    {
        var ahead = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(100));
        await using var replica = StoreReplica.Create(ahead, RedisConnection.TimeLimit, Settings());
        await Eventually.TrueAsync(() => replica.Store.IsUp, "Redis is not in use");
        Assert.Equal(TimeSpan.Zero, replica.Store.ClockOffset);

        await replica.Store.ReadHeadAsync(Scope, null, None);
        Assert.Equal(-100, replica.Store.ClockOffset.TotalDays, 0.001);

        ahead.Advance(TimeSpan.FromDays(1));
        await replica.Store.ReadHeadAsync(Scope, null, None);
        Assert.Equal(-101, replica.Store.ClockOffset.TotalDays, 0.001);

        await First.Store.ReadHeadAsync(Scope, null, None);
        Assert.InRange(First.Store.ClockOffset.TotalSeconds, -0.3, 0.3);
    }

    [Fact]
    public async Task Foreign_ReadOften_IsLoggedOnce()
    {
        await ReplaceAsync(First, "head");
        await RunAsync(":head", "SET {0} rubbish");

        for (var i = 0; i < 5; i++)
        {
            await Second.Store.ReadHeadAsync(Scope, null, None);
        }

        Assert.Single(Second.Logs.Lines, line => line.Contains("damaged, foreign", StringComparison.Ordinal));
    }
}
