using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.IntegrationTests.Telemetry;

/// <summary>All metrics and traces of the process during a test, as an exporter would get them.</summary>
internal sealed class Measurements : IDisposable
{
    private static readonly string[] Meters = [GatewayMetrics.MeterName, "Microsoft.AspNetCore.Hosting"];
    private static readonly string[] Sources = [GatewayTraces.SourceName, "Microsoft.AspNetCore"];

    private readonly ConcurrentQueue<(string Name, double Value, string[] Tags)> measured = new();
    private readonly ConcurrentDictionary<string, double> gauges = new();
    private readonly ConcurrentQueue<Activity> spans = new();
    private readonly MeterListener meters = new();
    private readonly ActivityListener traces;

    public Measurements()
    {
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (Meters.Contains(instrument.Meter.Name))
            {
                Instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        meters.Start();
        traces = new ActivityListener
        {
            ShouldListenTo = source => Sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(traces);
    }

    public ConcurrentDictionary<string, Instrument> Instruments { get; } = new();

    public IReadOnlyCollection<Activity> Spans => spans;

    /// <summary>Everything that leaves the process, as text.</summary>
    public IEnumerable<string> Texts =>
    [
        .. measured.SelectMany(item => item.Tags),
        .. gauges.Keys,
        .. spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")
            .Concat(span.Events.Select(item => $"{item.Name} {string.Join(' ', item.Tags)}"))
            .Append($"{span.DisplayName} {span.StatusDescription}")),
    ];

    /// <summary>The number of measurements with these tags.</summary>
    public int CountOf(string name, params string[] tags) =>
        measured.Count(item => item.Name == name && tags.All(item.Tags.Contains));

    /// <summary>The sum of the measurements with these tags.</summary>
    public double SumOf(string name, params string[] tags) =>
        measured.Where(item => item.Name == name && tags.All(item.Tags.Contains)).Sum(item => item.Value);

    /// <summary>The present value of a gauge; null for none.</summary>
    public double? Gauge(string name, string tags = "")
    {
        gauges.Clear();
        meters.RecordObservableInstruments();
        return gauges.TryGetValue($"{name} {tags}".Trim(), out var value) ? value : null;
    }

    public void Dispose()
    {
        meters.Dispose();
        traces.Dispose();
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var texts = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            texts[i] = $"{tags[i].Key}={tags[i].Value}";
        }

        if (instrument.IsObservable)
        {
            gauges[$"{instrument.Name} {string.Join(' ', texts)}".Trim()] = value;
        }
        else
        {
            measured.Enqueue((instrument.Name, value, texts));
        }
    }
}
