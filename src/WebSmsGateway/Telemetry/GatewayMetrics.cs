using System.Diagnostics.Metrics;

namespace WebSmsGateway.Telemetry;

/// <summary>
/// The metrics of the gateway, one method for each event. The framework measures requests, connections and the runtime. Labels are closed
/// lists and names from the configuration, never a number, a text or a secret. <c>docs/operations.md</c> explains every instrument, and a
/// test compares the two. The meter is static, as those of the framework are, so no class needs it as a dependency.
/// </summary>
internal static class GatewayMetrics
{
    public const string MeterName = "WebSmsGateway";

    private static readonly double[] CallSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    private static readonly double[] LagSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 900, 3600];
    private static readonly double[] Sizes = [128, 1024, 8192, 65_536, 524_288, 4_194_304, 33_554_432];

    private static readonly Meter Meter = new(MeterName, ProductVersion.Text);

    private static readonly Histogram<double> Calls = Meter.CreateHistogram(
        "websms.upstream.call.duration", "s", "Calls to WEBSMS by outcome; each retry counts as a call.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = CallSeconds });

    private static readonly Histogram<double> AnswerSizes = Meter.CreateHistogram(
        "websms.upstream.answer.size", "By", "Length of good answers.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Sizes });

    private static readonly Counter<long> Unasked = Meter.CreateCounter<long>(
        "websms.upstream.unasked", "{question}", "Questions that were refused before they reached WEBSMS, by reason.");

    private static readonly Counter<long> Recoveries = Meter.CreateCounter<long>(
        "websms.wire.recoveries", "{answer}", "Damaged answers that were read by the anchors of their format.");

    private static readonly Counter<long> WireProblems = Meter.CreateCounter<long>(
        "websms.wire.problems", "{record}", "Records that could not be read, or not with certainty, by reason.");

    private static readonly Counter<long> Strays = Meter.CreateCounter<long>(
        "websms.wire.strays", "{record}", "Records that nobody asked for: of another number or outside the window.");

    private static readonly Counter<long> CodesFound = Meter.CreateCounter<long>(
        "websms.codes", "{message}", "New messages with a one-time code, by how certain it is.");

    private static readonly Counter<long> Records = Meter.CreateCounter<long>(
        "websms.day_record.reads", "{record}", "Records that were read, by where they came from.");

    private static readonly Counter<long> Coalesced = Meter.CreateCounter<long>(
        "websms.day_record.coalesced", "{record}", "Records for which a reader waited on a question that was already on its way.");

    private static readonly Counter<long> Refreshes = Meter.CreateCounter<long>(
        "websms.day_record.refreshes", "{question}", "Questions for records, by kind: the tail of a day, an open day, or closed days.");

    private static readonly Counter<long> Stale = Meter.CreateCounter<long>(
        "websms.answers.stale", "{answer}", "Reads that a last good answer served because WEBSMS failed, by the failure.");

    private static readonly UpDownCounter<long> Waits = Meter.CreateUpDownCounter<long>(
        "websms.feed.waits", "{request}", "Requests that wait for a message.");

    private static readonly UpDownCounter<long> Streams = Meter.CreateUpDownCounter<long>(
        "websms.feed.streams", "{request}", "Open streams.");

    private static readonly UpDownCounter<long> Polls = Meter.CreateUpDownCounter<long>(
        "websms.feed.polls", "{loop}", "Scopes that are polled because someone waits or streams.");

    private static readonly Histogram<double> Lag = Meter.CreateHistogram(
        "websms.feed.lag", "s", "From a message's arrival at WEBSMS to its delivery.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LagSeconds });

    private static readonly Counter<long> RateLimits = Meter.CreateCounter<long>(
        "websms.rate_limited", "{request}", "Requests that were refused with 429, by caller.");

    private static readonly Histogram<double> RedisCalls = Meter.CreateHistogram(
        "websms.redis.call.duration", "s", "Calls to Redis by operation and outcome.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
        });

    private static readonly Counter<long> ForeignValues = Meter.CreateCounter<long>(
        "websms.redis.foreign_values", "{value}", "Values in Redis that were damaged, foreign or of another version.");

    private static readonly Histogram<double> WebhookAttempts = Meter.CreateHistogram(
        "websms.webhook.attempt.duration", "s", "Attempts to deliver to a webhook, by outcome.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = CallSeconds });

    /// <summary>A call to WEBSMS ended.</summary>
    /// <param name="outcome"><c>ok</c> or the name of the failure.</param>
    /// <param name="elapsed">The duration of the call.</param>
    /// <param name="bytes">The length of a good answer; null for a failure.</param>
    public static void UpstreamCalled(string outcome, TimeSpan elapsed, long? bytes)
    {
        Calls.Record(elapsed.TotalSeconds, Tag("websms.outcome", outcome));
        if (bytes is { } length)
        {
            AnswerSizes.Record(length);
        }
    }

    /// <summary>A call was not made, because the circuit is open, the queue is full or the credentials are held back.</summary>
    public static void UpstreamNotAsked(string reason) => Unasked.Add(1, Tag("websms.reason", reason));
    public static void AnswerRecovered(string format) => Recoveries.Add(1, Tag("websms.format", format));
    public static void RecordsUnreadable(string reason, int count) => WireProblems.Add(count, Tag("websms.reason", reason));
    public static void RecordsStrayed(int count) => Strays.Add(count);

    /// <param name="confidence"><c>high</c> or <c>medium</c>; never the code.</param>
    public static void CodeFound(string confidence) => CodesFound.Add(1, Tag("websms.confidence", confidence));
    public static void RecordsRead(string source, int count) => Records.Add(count, Tag("websms.source", source));
    public static void RecordAwaited() => Coalesced.Add(1);
    public static void RecordsAsked(string kind) => Refreshes.Add(1, Tag("websms.kind", kind));
    public static void StaleServed(string failure) => Stale.Add(1, Tag("websms.outcome", failure));

    // The caller disposes the result when the wait, stream or poll loop ends.
    public static OpenCount WaitOpened() => new(Waits);
    public static OpenCount StreamOpened() => new(Streams);
    public static OpenCount PollOpened() => new(Polls);

    /// <summary>A wait or stream delivered a message.</summary>
    public static void Delivered(string way, TimeSpan lag) => Lag.Record(lag.TotalSeconds, Tag("websms.way", way));

    /// <summary>An attempt to deliver to a webhook ended.</summary>
    public static void WebhookAttempted(string webhook, string outcome, TimeSpan elapsed) =>
        WebhookAttempts.Record(elapsed.TotalSeconds, Tag("websms.webhook", webhook), Tag("websms.outcome", outcome));

    /// <param name="caller">The name of a configured key, <c>token</c> or <c>unauthenticated</c>; never the subject of a token.</param>
    public static void RateLimited(string caller) => RateLimits.Add(1, Tag("websms.caller", caller));

    public static void RedisCalled(string operation, string outcome, TimeSpan elapsed) =>
        RedisCalls.Record(elapsed.TotalSeconds, Tag("db.operation.name", operation), Tag("websms.outcome", outcome));

    public static void RedisValueForeign() => ForeignValues.Add(1);

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);

    /// <summary>One open wait, stream or poll loop.</summary>
    internal readonly struct OpenCount : IDisposable
    {
        private readonly UpDownCounter<long> counter;

        public OpenCount(UpDownCounter<long> counter)
        {
            this.counter = counter;
            counter.Add(1);
        }

        public void Dispose() => counter.Add(-1);
    }
}
