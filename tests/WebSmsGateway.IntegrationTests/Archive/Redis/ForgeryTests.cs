using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>
/// An attacker who can write to Redis, and who knows the program and every setting but the secrets, cannot make a value that is believed. The
/// attacker is a replica without the secret; all names are as they should be.
/// </summary>
[Collection(TimedTests.Name)]
public sealed class ForgeryTests(SingleRedis redis) : SharedStoreSuite(redis), IClassFixture<SingleRedis>
{
    private const string Key = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
    private const string Clear = "Cache:EncryptionKeys:0";
    private const string Password = "Upstream:Password";

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, Key)]
    [InlineData(Key, null)]
    public async Task Read_ForgedWithoutTheSecret_IsMissing(string? encryptionKey, string? idKey)
    {
        await using var gateway = await StartAsync((Clear, encryptionKey), ("Messages:IdKey", idKey), (Password, "right"));
        await using var forger = await StartAsync((Clear, null), ("Messages:IdKey", null), (Password, "guessed"));
        await using var colleague = await StartAsync((Clear, encryptionKey), ("Messages:IdKey", idKey), (Password, "right"));
        await WriteDayAsync(gateway, "true");
        var written = await ReplaceAsync(gateway, "true head");
        Assert.Equal(["true"], await ReadAsync(colleague, "day"));

        await ForgeAsync(forger);

        Assert.Equal([null], await ReadAsync(colleague, "day"));
        var head = await colleague.Store.ReadHeadAsync(Scope, null, None);
        Assert.Null(head!.Payload);
        Assert.NotEqual(written.Tag, head.Tag);

        // What was forged is replaced, and no more.
        await WriteDayAsync(colleague, "true again");
        Assert.Equal(HeadWriteOutcome.Written, (await ReplaceAsync(colleague, "true head again")).Outcome);
        Assert.Equal(["true again"], await ReadAsync(gateway, "day"));
    }

    [Fact]
    public async Task Read_MovedToAnotherNumberOrDay_IsMissingWithoutEncryptionToo()
    {
        await using var gateway = await StartAsync((Clear, null));
        var other = new Scope(RentedNumber.Reported("79021234568"));
        await WriteDayAsync(gateway, "of this number");
        await ReplaceAsync(gateway, "head of this number");
        var before = await KeysAsync();
        await gateway.Store.WriteValuesAsync(other, [new("day", Bytes("of the other"), TimeSpan.FromHours(1))], None);
        await gateway.Store.ReplaceHeadAsync(other, "", Bytes("head of the other"), None);
        foreach (var key in await KeysAsync())
        {
            if (!before.Contains(key))
            {
                await Redis.ForEachKeyAsync(from => before.Contains(from) && from.Split(':')[^1] == key.Split(':')[^1] ? $"COPY {from} {key} REPLACE" : null);
            }
        }

        Assert.Equal([null], (await gateway.Store.ReadValuesAsync(other, ["day"], None))!.Select(Text));
        Assert.Null((await gateway.Store.ReadHeadAsync(other, null, None))!.Payload);
        Assert.Equal(["of this number"], await ReadAsync(gateway, "day"));
    }

    /// <summary>Whoever learns the password of a gateway with encryption keys cannot go back to the weaker protection.</summary>
    [Fact]
    public async Task Read_DowngradedToAuthenticationOnly_IsMissing()
    {
        await using var gateway = await StartAsync((Clear, Key), (Password, "right"));
        await using var forger = await StartAsync((Clear, null), (Password, "right"));
        await WriteDayAsync(gateway, "true");
        await ReplaceAsync(gateway, "true head");
        await ForgeAsync(forger);

        Assert.Equal([null], await ReadAsync(gateway, "day"));
        Assert.Null((await gateway.Store.ReadHeadAsync(Scope, null, None))!.Payload);
    }

    [Fact]
    public async Task Read_WhileThePasswordChangesReplicaByReplica_NothingIsLost()
    {
        await using var first = await StartAsync((Clear, null), (Password, "old"));
        await using var second = await StartAsync((Clear, null), (Password, "old"));
        await WriteDayAsync(first, "old");
        await ReplaceAsync(first, "old head");

        first.ChangePassword("new");
        Assert.Equal(["old"], await ReadAsync(first, "day"));
        Assert.Equal("old head", Text((await first.Store.ReadHeadAsync(Scope, null, None))!.Payload));

        second.ChangePassword("new");
        await ReplaceAsync(first, "new head");
        Assert.Equal("new head", Text((await second.Store.ReadHeadAsync(Scope, null, None))!.Payload));
        Assert.Equal(["old"], await ReadAsync(second, "day"));
    }

    private static Task<bool> WriteDayAsync(StoreReplica replica, string text) =>
        replica.Store.WriteValuesAsync(Scope, [new("day", Bytes(text), TimeSpan.FromHours(1))], None);

    /// <summary>Replaces each value in Redis by one that the forger made for its name.</summary>
    private async Task ForgeAsync(StoreReplica forger)
    {
        var database = (await forger.Connection.Multiplexer).GetDatabase();
        foreach (var key in await KeysAsync())
        {
            var value = forger.Envelope.Wrap(key, Bytes("forged"));
            if (key.EndsWith(":head", StringComparison.Ordinal))
            {
                await database.StringSetAsync(key, value);
            }
            else
            {
                await database.HashSetAsync(key, "data", value);
            }
        }
    }
}
