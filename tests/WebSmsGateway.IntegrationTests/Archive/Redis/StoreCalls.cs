using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>All calls of a store by name, so that a test can say of each what a fault of Redis does to it.</summary>
internal static class StoreCalls
{
    public static readonly string[] All = ["head", "replace", "read", "write", "write much", "release", "lease", "subscribe"];

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly StoredValue[] Many =
        [.. Enumerable.Range(0, 80).Select(i => new StoredValue($"{i}", new byte[100_000], Hour))];

    /// <summary>Calls until there is an answer. On a busy machine one call may take longer than its limit.</summary>
    public static Task AnswersSoonAsync(ISharedStore store, string call) =>
        Eventually.TrueAsync(() => AnswersAsync(store, call), $"no answer: {call}", (RedisLease.Duration * 1.5).TotalSeconds);

    public static async Task<bool> AnswersAsync(ISharedStore store, string call, Scope scope = default)
    {
        var token = CancellationToken.None;
        switch (call)
        {
            case "head":
                return await store.ReadHeadAsync(default, null, token) is not null;
            case "replace":
                var tag = (await store.ReadHeadAsync(scope, null, token))?.Tag ?? "";
                return (await store.ReplaceHeadAsync(scope, tag, new byte[100], token)).Outcome == HeadWriteOutcome.Written;
            case "read":
                return await store.ReadValuesAsync(default, [.. Enumerable.Range(0, 400).Select(i => $"{i}")], token) is not null;
            case "write":
                return await store.WriteValuesAsync(default, [new("name", new byte[100], Hour)], token);
            case "write much":
                return await store.WriteValuesAsync(default, Many, token);
            case "release":
                await store.ReleaseValuesAsync(default, ["name"], token);
                return store.IsUp;
            case "lease":
                await using (var lease = await store.LeaseAsync(default, LeaseFor.OpenDays, token))
                {
                    return !lease.IsElsewhere && store.IsUp;
                }

            default:
                new Subscribed(store, default).Dispose();
                return true;
        }
    }

    /// <summary>Replaces the head until a notice of it comes. After a break nobody knows when a subscription takes effect again.</summary>
    public static Task ArrivesAsync(StoreReplica from, Subscribed subscription, Scope scope = default)
    {
        var before = subscription.Calls;
        return Eventually.TrueAsync(
            async () =>
            {
                await AnswersAsync(from.Store, "replace", scope);
                return subscription.Calls > before;
            },
            "no notice came");
    }
}
