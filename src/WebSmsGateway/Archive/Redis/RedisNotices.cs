using StackExchange.Redis;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// Subscriptions to the notices of other replicas, one at Redis for each channel that somebody watches. A loop in the background makes
/// the subscriptions at Redis equal to those wanted here, so that subscribing neither waits nor throws while Redis is down.
/// </summary>
/// <param name="connection">The shared connection.</param>
/// <param name="sender">The name of this replica, whose own notices call nobody back.</param>
/// <param name="logger">The log.</param>
internal sealed partial class RedisNotices(RedisConnection connection, string sender, ILogger logger)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();

    [Bounded("the watched scopes")]
    private readonly Dictionary<string, List<Subscription>> watched = [];

    // The channels whose subscription at Redis differs from what is wanted.
    [Bounded("the watched scopes")]
    private readonly HashSet<string> changed = [];
    private readonly LogInterval interval = new(TimeSpan.FromMinutes(1));
    private bool isRunning;
    private bool isAttached;

    public IDisposable Subscribe(string channel, Action replaced)
    {
        var subscription = new Subscription(this, channel, replaced);
        lock (gate)
        {
            if (!watched.TryGetValue(channel, out var subscriptions))
            {
                watched.Add(channel, subscriptions = []);
                Toggle(channel);
            }

            subscriptions.Add(subscription);
        }

        return subscription;
    }

    private void Unsubscribe(Subscription subscription)
    {
        lock (gate)
        {
            if (watched.TryGetValue(subscription.Channel, out var subscriptions) && subscriptions.Remove(subscription)
                && subscriptions.Count == 0)
            {
                watched.Remove(subscription.Channel);
                Toggle(subscription.Channel);
            }
        }
    }

    // Each call changes what is wanted, so a second one before the loop came by takes the first back.
    private void Toggle(string channel)
    {
        if (!changed.Remove(channel))
        {
            changed.Add(channel);
        }

        if (!isRunning && changed.Count > 0)
        {
            isRunning = true;
            _ = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            var multiplexer = await connection.Multiplexer.WaitAsync(connection.Stopping);
            if (!isAttached)
            {
                // What was published while the connection was broken is lost, so everybody has to look.
                isAttached = true;
                multiplexer.ConnectionRestored += (_, _) => CallAll();
            }

            while (Next() is { } next)
            {
                await ApplyAsync(multiplexer.GetSubscriber(), next.Channel, next.IsWanted);
            }
        }
        catch (Exception) when (connection.Stopping.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private (string Channel, bool IsWanted)? Next()
    {
        lock (gate)
        {
            if (changed.Count == 0)
            {
                isRunning = false;
                return null;
            }

            var channel = changed.First();
            changed.Remove(channel);
            return (channel, watched.ContainsKey(channel));
        }
    }

    private async Task ApplyAsync(ISubscriber subscriber, string name, bool isWanted)
    {
        var channel = RedisChannel.Literal(name);
        try
        {
            // The multiplexer may have kept the handler of an attempt that failed. A second one would call back twice.
            await subscriber.UnsubscribeAsync(channel, Received, isWanted ? CommandFlags.FireAndForget : CommandFlags.None);
            if (isWanted)
            {
                await subscriber.SubscribeAsync(channel, Received);
            }
        }
        catch (Exception exception) when (!connection.Stopping.IsCancellationRequested)
        {
            if (interval.IsDue())
            {
                Log.Failed(logger, RedisFault.Of(exception));
            }

            lock (gate)
            {
                Toggle(name);
            }

            await Task.Delay(RetryInterval, TimeProvider.System, connection.Stopping);
        }
    }

    private void Received(RedisChannel channel, RedisValue value)
    {
        if (value != sender)
        {
            lock (gate)
            {
                Call(watched.GetValueOrDefault(channel.ToString(), []));
            }
        }
    }

    private void CallAll()
    {
        lock (gate)
        {
            foreach (var subscriptions in watched.Values)
            {
                Call(subscriptions);
            }
        }
    }

    // A callback that takes long or throws must not disturb the connection or the other callbacks.
    private static void Call(List<Subscription> subscriptions) =>
        subscriptions.ForEach(static subscription => Task.Run(subscription.Replaced));

    private sealed class Subscription(RedisNotices owner, string channel, Action replaced) : IDisposable
    {
        public string Channel => channel;

        public Action Replaced => replaced;

        public void Dispose() => owner.Unsubscribe(this);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "Redis refuses subscriptions to notices ({Fault}); other replicas' news come with the next read. The gateway tries again.")]
        public static partial void Failed(ILogger logger, string fault);
    }
}
