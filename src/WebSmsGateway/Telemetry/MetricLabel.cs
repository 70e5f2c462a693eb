using System.Collections.Concurrent;
using System.Text.Json;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Telemetry;

/// <summary>The names of closed lists as labels: <c>CredentialsRejected</c> becomes <c>credentials_rejected</c>.</summary>
internal static class MetricLabel
{
    public static string Of<T>(T value)
        where T : struct, Enum => Texts<T>.Known.GetOrAdd(
            value, static item => JsonNamingPolicy.SnakeCaseLower.ConvertName(item.ToString()));

    private static class Texts<T> where T : struct, Enum
    {
        [Bounded("the values of a closed list")]
        public static readonly ConcurrentDictionary<T, string> Known = new();
    }
}
