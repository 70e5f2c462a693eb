using WebSmsGateway.Http;

namespace WebSmsGateway.Messages;

/// <summary>The example answers of the OpenAPI document, with messages of the sandbox.</summary>
internal static class MessageExamples
{
    private const string First = AnswerExample.Message;

    private const string Second =
        """{"id":"20130311-43DCYTV2J1V7","rentedNumber":"79021234567","sender":"79161234567","receivedAt":"2013-03-11T12:13:01+04:00","text":"Тест"}""";

    public static readonly AnswerExample One = new(CachedJson.MediaType, First);

    public static readonly AnswerExample Page = new(
        CachedJson.MediaType,
        $$"""{"items":[{{Second}},{{First}}],"nextCursor":null,"completeUntil":"2013-03-12T00:00:00+04:00","stale":false,"problems":[]}""");

    public static readonly AnswerExample Csv = new(
        AnswerFormats.Csv,
        """
        id,rentedNumber,sender,receivedAt,text,code,codeConfidence
        20130311-43DCYTV2J1V7,79021234567,79161234567,2013-03-11T12:13:01+04:00,Тест,,
        20130311-ZRCRNY78N9TE,79021234567,79161234567,2013-03-11T12:09:01+04:00,Тест,,

        """,
        "A heading, then a line for each message. UTF-8; a text that a spreadsheet would run as a formula begins with `'`.");

    public static readonly AnswerExample Ndjson = new(
        AnswerFormats.Ndjson, $"{Second}\n{First}\n", "A line for each message, each a JSON object as in `items` of a page.");
}
