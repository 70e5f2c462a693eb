using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Webhooks;

/// <summary>The examples of the document.</summary>
internal static class WebhookExamples
{
    private const string Webhook =
        """{"name":"shop","url":"https://shop.example.com/sms","state":"failing","reason":"the receiver answered 503","since":"2026-11-26T10:00:00+03:00","lagSeconds":42,"lastSuccessAt":"2026-11-26T11:59:30+03:00","lastStatus":503,"parked":[{"id":"20130311-ZRCRNY78N9TE","lastTriedAt":"2026-11-26T11:30:00+03:00","lastStatus":422,"lastFailure":"status"}]}""";

    private const string Silent = """{"number":"79021234567","since":"2026-11-26T09:00:00+03:00"}""";

    public static readonly AnswerExample All = new(CachedJson.MediaType, $$"""{"items":[{{Webhook}}]}""");
    public static readonly AnswerExample One = new(CachedJson.MediaType, Webhook);
    public static readonly AnswerExample Test = new(CachedJson.MediaType, """{"delivered":true,"status":204}""");

    /// <summary>What receivers get.</summary>
    public static readonly SentBody[] Sent =
    [
        new(
            WebhookTypes.Received, "A message has arrived.", typeof(Message),
            $$"""{"type":"message.received","timestamp":"2013-03-11T12:09:01+04:00","data":{{AnswerExample.Message}},"cursor":"AgB3c"}"""),
        new(
            WebhookTypes.Test, "The owner tests the webhook.", null,
            """{"type":"webhook.test","timestamp":"2026-11-26T12:00:00+00:00","data":{"name":"shop"}}"""),
        new(
            WebhookTypes.Silent, "A number has received nothing for longer than its ExpectWithin.", null,
            $$"""{"type":"number.silent","timestamp":"2026-11-26T12:00:00+00:00","data":{{Silent}}}"""),
        new(
            WebhookTypes.Heard, "A silent number has received something.", null,
            $$"""{"type":"number.heard","timestamp":"2026-11-26T12:00:00+00:00","data":{{Silent}}}"""),
        new(
            WebhookTypes.Unavailable, "WEBSMS has failed for half a minute.", null,
            """{"type":"upstream.unavailable","timestamp":"2026-11-26T12:00:30+00:00","data":{"code":"upstream-timeout","since":"2026-11-26T12:00:00+00:00"}}"""),
        new(
            WebhookTypes.Recovered, "WEBSMS has answered for half a minute.", null,
            """{"type":"upstream.recovered","timestamp":"2026-11-26T12:05:30+00:00","data":{"since":"2026-11-26T12:05:00+00:00"}}"""),
    ];
}
