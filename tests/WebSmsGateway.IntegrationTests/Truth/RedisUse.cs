using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Truth;

internal static class RedisUse
{
    /// <summary>Waits until a gateway uses its Redis. It answers before it is connected.</summary>
    public static Task UsesRedisAsync(this RunningGateway gateway) =>
        Eventually.TrueAsync(() => gateway.Services.GetRequiredService<ISharedStore>().IsUp, "Redis is not in use");
}
