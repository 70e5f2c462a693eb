namespace WebSmsGateway.Http;

/// <summary>The parts that all endpoints share: reading a query, cached pages, cache headers, JSON bodies.</summary>
internal static class HttpFeature
{
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<QueryRules>();
        builder.Services.AddSingleton<EntityTags>();
        builder.Services.AddSingleton<PageCache>();
        builder.Services.AddSingleton<AnswerSender>();
    }
}
