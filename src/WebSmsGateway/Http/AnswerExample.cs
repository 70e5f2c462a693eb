namespace WebSmsGateway.Http;

/// <summary>Metadata of an endpoint: the example that the OpenAPI document shows for a 200 of one media type.</summary>
/// <param name="MediaType">The media type.</param>
/// <param name="Body">The body that the sandbox gives.</param>
/// <param name="Description">A description for a media type without a schema; null for JSON.</param>
internal sealed record AnswerExample(string MediaType, string Body, string? Description = null)
{
    public const string MessageWithCode =
        """{"id":"20130311-JTEPC20B8Q1W","rentedNumber":"79021234567","sender":"Ozon","receivedAt":"2013-03-11T12:09:01+04:00","text":"Ваш код: 482913","code":{"value":"482913","confidence":"high"}}""";

    public const string Message =
        """{"id":"20130311-ZRCRNY78N9TE","rentedNumber":"79021234567","sender":"79161234567","receivedAt":"2013-03-11T12:09:01+04:00","text":"Тест"}""";
}
