namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// The right of one replica to ask WEBSMS about a scope. It is short and is renewed during the work, so that a replica that dies
/// delays the others by no more than <see cref="Duration"/>. Without Redis every replica may ask.
/// </summary>
internal sealed class RedisLease : IAsyncDisposable
{
    /// <summary>How long a lease lasts without a renewal.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

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
        var (answered, taken) = await connection.TryAsync(
            database => database.LockTakeAsync(name, token, Duration), cancellationToken, "lease");
        var isElsewhere = answered && !taken && await IsLeaseAsync(connection, name, cancellationToken);
        return new RedisLease(connection, name, token, isHeld: answered && taken, isElsewhere);
    }

    public async ValueTask DisposeAsync()
    {
        var held = !renewal.IsCompleted;
        await done.CancelAsync();
        await renewal;
        done.Dispose();
        if (held)
        {
            await connection.TryAsync(database => database.LockReleaseAsync(name, token), CancellationToken.None, "release");
        }
    }

    // A value without an expiry is not a lease. Waiting for its end would last for ever.
    private static async Task<bool> IsLeaseAsync(RedisConnection connection, string name, CancellationToken cancellationToken)
    {
        var (answered, left) = await connection.TryAsync(database => database.KeyTimeToLiveAsync(name), cancellationToken, "ttl");
        return answered && left <= Duration;
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Duration / 3, TimeProvider.System, done.Token);
                var (answered, extended) =
                    await connection.TryAsync(database => database.LockExtendAsync(name, token, Duration), done.Token, "renew");
                if (!answered || !extended)
                {
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
