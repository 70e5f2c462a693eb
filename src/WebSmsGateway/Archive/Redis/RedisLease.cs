using StackExchange.Redis;
using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// The right of one replica to ask WEBSMS about a scope. It is short and is renewed during the work, so that a replica that dies
/// delays the others by no more than <see cref="Duration"/>. Without Redis every replica may ask.
/// </summary>
internal sealed class RedisLease : ISharedLease
{
    /// <summary>How long a lease lasts without a renewal.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    // A value without an expiry, or with a longer one, is not a lease. Waiting for its end would last for ever, so it is replaced.
    private const string Take = """
        local left = redis.call('PTTL', KEYS[1])
        if left >= 0 and left <= tonumber(ARGV[2]) then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """;

    private const string Renew = """
        if redis.pcall('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return 0
        """;

    /// <summary>Ends a lease, if it is still that of its holder.</summary>
    public const string Release = """
        if redis.pcall('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
        return 0
        """;

    private readonly CancellationTokenSource done = new();
    private readonly RedisConnection connection;
    private readonly string name;
    private readonly string token;
    private readonly Task renewal;

    private RedisLease(RedisConnection connection, string name, string token, bool isHeld, bool isElsewhere)
    {
        this.connection = connection;
        this.name = name;
        this.token = token;
        IsElsewhere = isElsewhere;
        renewal = isHeld ? RenewAsync() : Task.CompletedTask;
    }

    /// <summary>Whether another replica holds the lease.</summary>
    public bool IsElsewhere { get; }

    public static async Task<RedisLease> TakeAsync(RedisConnection connection, string name, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid().ToString("N");
        var (answered, taken) = await CallAsync(connection, "lease", Take, name, token, cancellationToken);
        return new RedisLease(connection, name, token, isHeld: answered && taken, isElsewhere: answered && !taken);
    }

    public async ValueTask DisposeAsync()
    {
        var held = !renewal.IsCompleted;
        await done.CancelAsync();
        await renewal;
        done.Dispose();
        if (held)
        {
            await CallAsync(connection, "release", Release, name, token, CancellationToken.None);
        }
    }

    private static Task<(bool Answered, bool Value)> CallAsync(
        RedisConnection connection, string operation, string script, string name, string token, CancellationToken cancellationToken) =>
        connection.TryAsync(
            async database =>
                (bool)await database.ScriptEvaluateAsync(script, [name], [token, (long)Duration.TotalMilliseconds]),
            cancellationToken, operation);

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Duration / 3, TimeProvider.System, done.Token);
                var (answered, renewed) = await CallAsync(connection, "renew", Renew, name, token, done.Token);
                if (answered && !renewed)
                {
                    // Another replica has it. Without an answer it may still be ours, and the next renewal may come in time.
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
    }
}
