using WebSmsGateway.Configuration;

namespace WebSmsGateway.Http;

/// <summary>What all queries have in common: names, moments, ranges, and the words in which faults are told.</summary>
internal static class HttpFeature
{
    public static void AddHttp(this WebApplicationBuilder builder) =>
        builder.AddCheckedOptions<LimitsOptions, LimitsOptionsValidator>(LimitsOptions.Section);
}
