using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>A subscription that counts its calls.</summary>
internal sealed class Subscribed : IDisposable
{
    private readonly IDisposable subscription;
    private int calls;

    public Subscribed(ISharedStore store, Scope scope) =>
        subscription = store.Subscribe(scope, () => Interlocked.Increment(ref calls));

    public int Calls => Volatile.Read(ref calls);

    public void Dispose() => subscription.Dispose();
}
