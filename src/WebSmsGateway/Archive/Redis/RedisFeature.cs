namespace WebSmsGateway.Archive.Redis;

/// <summary>Registers the shared store on Redis.</summary>
internal static class RedisFeature
{
    public static void AddRedis(this WebApplicationBuilder builder)
    {
    }
}
