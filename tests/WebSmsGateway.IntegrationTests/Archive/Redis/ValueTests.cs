using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

[Collection(TimedTests.Name)]
public sealed class SingleRedisValueTests(SingleRedis redis) : ValueSuite(redis), IClassFixture<SingleRedis>;

[Collection(TimedTests.Name)]
public sealed class SecuredRedisValueTests(SecuredRedis redis) : ValueSuite(redis), IClassFixture<SecuredRedis>;

[Collection(TimedTests.Name)]
public sealed class ClusterRedisValueTests(ClusterRedis redis) : ValueSuite(redis), IClassFixture<ClusterRedis>;

/// <summary>A value is read as it was written, under its own name, or it is missing.</summary>
public abstract class ValueSuite(RedisTopology redis) : SharedStoreSuite(redis)
{
    public static TheoryData<string[]> Damages =>
    [
        ["HSET {0} data rubbish"], ["HSET {0} data \"\""], ["HSET {0} absexp rubbish"], ["HSET {0} sldexp 99999999999999999999"],
        ["HSET {0} absexp 9223372036854775807"], ["DEL {0}", "SET {0} x"], ["DEL {0}", "LPUSH {0} x"], ["DEL {0}", "SADD {0} x"],
        ["DEL {0}", "SET {0} x", "PEXPIRE {0} 100000"],
    ];

    [Fact]
    public async Task ReadValues_OfTheOtherReplica_ComeInTheOrderOfTheNames()
    {
        var names = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            names.Add(await WriteAsync(First, $"Значение {i}"));
        }

        names.Insert(100, First.Store.NameOf(Scope, Bytes("missing")));
        var texts = await ReadAsync(Second, [.. names]);

        Assert.Null(texts[100]);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"Значение {i}"), texts.OfType<string>());
    }

    [Fact]
    public async Task WriteValues_LargeEmptyAndMany_AreReadAsTheyWere()
    {
        var large = new byte[3 << 20];
        Random.Shared.NextBytes(large);
        var values = Enumerable.Range(0, 500).Select(i => new StoredValue($"n{i}", Bytes($"{i}"), TimeSpan.FromHours(1))).ToList();
        values.AddRange([new("large", large, TimeSpan.FromHours(1)), new("empty", [], TimeSpan.FromHours(1))]);

        Assert.True(await First.Store.WriteValuesAsync(Scope, values, None));
        var read = await Second.Store.ReadValuesAsync(Scope, [.. values.Select(value => value.Name)], None);

        Assert.Equal(values.Select(value => value.Payload), read!);
        Assert.True(await First.Store.WriteValuesAsync(Scope, [], None));
        Assert.Empty((await First.Store.ReadValuesAsync(Scope, [], None))!);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task ReadValues_DamagedOrOfAnotherType_AreMissingAndCanBeWrittenAgain(string[] commands)
    {
        var good = await WriteAsync(First, "good");
        var damaged = await WriteAsync(First, "damaged");
        await RunAsync(damaged, commands);

        Assert.Equal(["good", null], await ReadAsync(Second, good, damaged));
        Assert.True(Second.Store.IsUp);
        await WriteAsync(First, "damaged");

        Assert.Equal(["good", "damaged"], await ReadAsync(Second, good, damaged));
        Assert.All((await TimesToLiveAsync()).Values, left => Assert.InRange(left, 900_000, 1_000_000));
    }

    [Fact]
    public async Task ReadValues_MovedToAnotherName_AreMissing()
    {
        var name = await WriteAsync(First, "moved");
        var other = First.Store.NameOf(Scope, Bytes("other"));
        await Redis.ForEachKeyAsync(key =>
            key.EndsWith(name, StringComparison.Ordinal) ? $"COPY {key} {key[..^name.Length]}{other}" : null);

        Assert.Equal(["moved", null], await ReadAsync(Second, name, other));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=")]
    public async Task ReadValues_EncryptedWithAnUnknownKeyOrNot_AreMissing(string? key)
    {
        await using var other = await StartAsync(("Cache:EncryptionKeys:0", key));
        await other.Store.WriteValuesAsync(Scope, [new("20260311", Bytes("day"), TimeSpan.FromHours(1))], None);

        Assert.Equal(["day"], await ReadAsync(other, "20260311"));
        Assert.Equal([null], await ReadAsync(First, "20260311"));
    }

    [Fact]
    public async Task ReleaseValues_OfManyAges_OnlyShortens()
    {
        var longest = await WriteAsync(First, "long");
        var shorter = await WriteAsync(First, "short", seconds: 20);
        var endless = await WriteAsync(First, "ever");
        await RunAsync(endless, "PERSIST {0}");

        await First.Store.ReleaseValuesAsync(Scope, [longest, shorter, endless, First.Store.NameOf(Scope, Bytes("missing"))], None);
        await First.Store.ReleaseValuesAsync(Scope, [], None);

        var left = await LeftAsync();
        Assert.InRange(left[longest], 50_000, 60_000);
        Assert.InRange(left[shorter], 10_000, 20_000);
        Assert.InRange(left[endless], 50_000, 60_000);
        await WriteAsync(First, "long");
        Assert.InRange((await LeftAsync())[longest], 990_000, 1_000_000);

        async Task<Dictionary<string, long>> LeftAsync() =>
            (await TimesToLiveAsync()).ToDictionary(pair => pair.Key.Split(':')[^1], pair => pair.Value);
    }

    [Fact]
    public async Task Keys_OfEveryKind_ExpireAndShareASlotAndShowNothing()
    {
        await ReplaceAsync(First, $"{Number} Ваш код 4711");
        await WriteAsync(First, $"{Number} Ваш код 4711");
        await using var lease = await First.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);

        var left = await TimesToLiveAsync();

        Assert.Equal(3, left.Count);
        Assert.All(left.Values, milliseconds => Assert.InRange(milliseconds, 1, TimeSpan.FromDays(30 + 68).TotalMilliseconds));
        Assert.Single(left.Keys.Select(key => key[key.IndexOf('{')..key.IndexOf('}')]).Distinct());
        var dump = string.Join('\n', left.Keys);
        foreach (var server in Redis.Servers)
        {
            dump += await server.RunLinesAsync((await server.KeysAsync()).Where(left.ContainsKey).Select(key => $"DUMP {key}"));
        }

        Assert.All([Number, "4711", "код", StoreReplica.Login], secret => Assert.DoesNotContain(secret, dump, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NameOf_AContent_IsKeyedAndOfItsScopeOnly()
    {
        await using var other = await StartAsync(("Cache:EncryptionKeys:0", "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="));
        await using var clear = await StartAsync(("Cache:EncryptionKeys:0", null));
        var name = First.Store.NameOf(Scope, Bytes("4711"));

        Assert.Equal(32, name.Length);
        Assert.Equal(name, Second.Store.NameOf(Scope, Bytes("4711")));
        Assert.Equal(
            5,
            new[]
            {
                name, First.Store.NameOf(Scope, Bytes("4712")), First.Store.NameOf(default, Bytes("4711")),
                other.Store.NameOf(Scope, Bytes("4711")), clear.Store.NameOf(Scope, Bytes("4711")),
            }.Distinct().Count());
    }
}
