using System.Collections.Frozen;
using System.Text.Json;

namespace WebSmsGateway.Telemetry;

/// <summary>The names of closed lists as labels: <c>CredentialsRejected</c> becomes <c>credentials_rejected</c>.</summary>
internal static class MetricLabel
{
    public static string Of<T>(T value)
        where T : struct, Enum => Texts<T>.Known.TryGetValue(value, out var text) ? text : TextOf(value);

    private static string TextOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static class Texts<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Known = Enum.GetValues<T>().Distinct().ToFrozenDictionary(value => value, TextOf);
    }
}
