using WebSmsGateway.Configuration;

namespace WebSmsGateway.Querying;

/// <summary>What all queries have in common: names, moments, ranges, and the words in which faults are told.</summary>
internal static class QueryingFeature
{
    public static void AddQuerying(this WebApplicationBuilder builder) =>
        builder.AddCheckedOptions<LimitsOptions, LimitsOptionsValidator>(LimitsOptions.Section);
}
