using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>What Redis holds is damaged, foreign, older than it was, or gone.</summary>
public sealed class SharedHeadTests() : Scenario(Noon)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3));
    private static readonly string[] Earlier = ["10 марта", "14 марта", "15 марта"];

    private readonly string key = Convert.ToBase64String(Enumerable.Range(7, 32).Select(i => (byte)i).ToArray());

    [Theory]
    [InlineData("SET {0} rubbish")]
    [InlineData("SET {0} \"\"")]
    [InlineData("SETRANGE {0} 40 xxxx")]
    [InlineData("APPEND {0} x")]
    [InlineData("DEL {0}")]
    [InlineData("DEL {0}", "LPUSH {0} x")]
    [InlineData("DEL {0}", "HSET {0} data x")]
    public async Task Head_DamagedOrOfAnotherType_LosesNothing(params string[] commands)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = Start(Settings(redis));
        var follower = await BeginAsync(first, redis);

        var head = await HeadAsync(redis);
        await redis.RunLinesAsync(commands.Select(command => string.Format(command, head)));
        await GoOnAsync(follower, first, Start(Settings(redis)));
    }

    [Fact]
    public async Task Head_AnEarlierOneIsPutBack_LosesNothing()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = Start(Settings(redis));
        var follower = await BeginAsync(first, redis);
        var head = await HeadAsync(redis);
        await redis.RunAsync("COPY", head, "saved");
        Clock.Advance(TimeSpan.FromSeconds(10));
        Arrive("между");
        Assert.Equal(["между"], await follower.ReadAllAsync());

        await redis.RunAsync("COPY", "saved", head, "REPLACE");
        await GoOnAsync(follower, first, Start(Settings(redis)), "между");
    }

    [Fact]
    public async Task Head_EncryptedWithAnUnknownKey_LosesNothing()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = Start(Settings(redis));
        var follower = await BeginAsync(first, redis);
        await using var other = Start([.. Settings(redis), ("Cache:EncryptionKeys:0", key)]);
        var otherFollower = new PageFollower(other, "from=2026-03-10");
        Assert.Equal(Earlier, await otherFollower.ReadAllAsync());

        var sent = new List<string>(Earlier);
        for (var i = 0; i < 10; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(6));
            sent.Add($"новое {i}");
            Arrive(sent[^1]);
            await follower.ReadAllAsync();
            await otherFollower.ReadAllAsync();
        }

        AssertGiven(sent, follower);
        AssertGiven(sent, otherFollower);
    }

    [Fact]
    public async Task Blocks_Deleted_TheirDaysAreReadAgainWholeAndNothingIsLostOrNew()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = Start(Settings(redis));
        var follower = await BeginAsync(first, redis);
        await redis.RunLinesAsync(
            (await redis.KeysAsync()).Where(name => !name.EndsWith("head", StringComparison.Ordinal)).Select(name => $"DEL {name}"));
        Account.ClearRequests();
        await using var second = Start(Settings(redis));

        Assert.Equal(Earlier, (await second.ReadAsync("2026-03-10", query: "&order=asc")).Texts);
        Assert.Contains(Account.Requests(), request => request.Question().StartsWith("* 10.03.2026 00:00:00", StringComparison.Ordinal));
        Assert.Contains(Account.Requests(), request => request.Question().Contains("15.03.2026 00:00:00", StringComparison.Ordinal));

        Clock.Advance(TimeSpan.FromSeconds(10));
        Arrive("новое");
        var hopped = new PageFollower(second, "from=2026-03-10", follower.Cursor);
        Assert.Equal(["новое"], await hopped.ReadAllAsync());
        Assert.Equal(["новое"], await follower.ReadAllAsync());
    }

    private async Task<PageFollower> BeginAsync(RunningGateway gateway, RedisServer redis)
    {
        Account.Receive("2026-03-10 10:00:00", "10 марта");
        Account.Receive("2026-03-14 10:00:00", "14 марта");
        Account.Receive("2026-03-15 11:30:00", "15 марта");
        await gateway.UsesRedisAsync();
        var follower = new PageFollower(gateway, "from=2026-03-10");
        Assert.Equal(Earlier, await follower.ReadAllAsync());
        await HeadAsync(redis);
        return follower;
    }

    /// <summary>Hops to another replica and back, while messages arrive.</summary>
    private async Task GoOnAsync(PageFollower begun, RunningGateway first, RunningGateway second, params string[] between)
    {
        await using var other = second;
        Assert.Equal([.. Earlier, .. between], (await second.ReadAsync("2026-03-10", query: "&order=asc")).Texts);
        var turn = 0;
        var follower = new PageFollower(() => turn++ % 2 == 0 ? second.Client : first.Client, "from=2026-03-10", begun.Cursor);
        follower.Messages.AddRange(begun.Messages);
        var sent = new List<string>([.. Earlier, .. between]);
        for (var i = 0; i < 10; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(6));
            sent.Add($"новое {i}");
            Arrive(sent[^1]);
            await follower.ReadAsync();
        }

        Clock.Advance(TimeSpan.FromSeconds(6));
        await follower.ReadAllAsync();
        AssertGiven(sent, follower);
        Assert.Equal(sent, (await second.ReadAsync("2026-03-10", query: "&order=asc")).Texts);
        Assert.Equal(sent, (await first.ReadAsync("2026-03-10", query: "&order=asc")).Texts);
    }

    /// <summary>Everything was given, and what was given again is of the last two minutes and has the same id.</summary>
    private static void AssertGiven(List<string> sent, PageFollower follower)
    {
        Assert.Equal(sent, follower.Texts.Distinct());
        Assert.All(follower.Messages.GroupBy(message => message.Text), copies => Assert.Single(copies.Distinct()));
        Assert.All(Earlier, text => Assert.Single(follower.Texts, text));
    }

    private static async Task<string> HeadAsync(RedisServer redis)
    {
        var started = TimeProvider.System.GetTimestamp();
        string? head;
        while ((head = (await redis.KeysAsync()).FirstOrDefault(name => name.EndsWith(":head", StringComparison.Ordinal))) is null)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "There is no head.");
        }

        return head;
    }

    private static (string, string?)[] Settings(RedisServer redis) => [("Cache:Redis", redis.ConnectionString)];
}
