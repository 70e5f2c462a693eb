using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace WebSmsGateway.IntegrationTests.Secrecy;

/// <summary>Listens to all traces and metrics of the process, and keeps the secrets that a search finds in them.</summary>
internal sealed class ProcessEars : IDisposable
{
    private readonly SecretSearch search;
    private readonly ActivityListener traces;
    private readonly MeterListener metrics = new();
    private readonly ConcurrentDictionary<string, int> sources = new();

    public ProcessEars(SecretSearch search)
    {
        this.search = search;
        traces = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            SampleUsingParentId = (ref ActivityCreationOptions<string> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(traces);
        metrics.InstrumentPublished = (instrument, listener) =>
        {
            Look($"instrument {instrument.Name}", $"{instrument.Name} {instrument.Description} {instrument.Unit}");
            listener.EnableMeasurementEvents(instrument);
        };
        Measure<byte>();
        Measure<short>();
        Measure<int>();
        Measure<long>();
        Measure<float>();
        Measure<double>();
        Measure<decimal>();
        metrics.Start();
    }

    /// <summary>The secrets that were found, with their places.</summary>
    public ConcurrentQueue<string> Found { get; } = new();

    /// <summary>The activity sources and instruments that reported something.</summary>
    public ICollection<string> Heard => sources.Keys;

    /// <summary>Reads the observable instruments.</summary>
    public void AskGauges() => metrics.RecordObservableInstruments();

    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }

    private void Hear(Activity activity)
    {
        sources.TryAdd(activity.Source.Name, 0);
        var place = $"activity {activity.Source.Name} {activity.OperationName}";
        Look(place, activity.DisplayName);
        Look(place, activity.StatusDescription);
        Look(place, activity.TraceStateString);
        Look(place, activity.TagObjects);
        Look(place, activity.Baggage.Select(item => KeyValuePair.Create(item.Key, (object?)item.Value)));
        foreach (var happened in activity.Events)
        {
            Look(place, happened.Name);
            Look(place, happened.Tags);
        }

        foreach (var link in activity.Links)
        {
            Look(place, link.Tags ?? []);
        }
    }

    private void Measure<T>()
        where T : struct =>
        metrics.SetMeasurementEventCallback<T>((instrument, _, tags, _) =>
        {
            sources.TryAdd(instrument.Meter.Name, 0);
            foreach (var (key, value) in tags)
            {
                Look($"metric {instrument.Name}, tag {key}", $"{key} {value}");
            }
        });

    private void Look(string place, IEnumerable<KeyValuePair<string, object?>> tags)
    {
        foreach (var (key, value) in tags)
        {
            Look($"{place}, tag {key}", $"{key} {value}");
        }
    }

    private void Look(string place, string? text)
    {
        foreach (var finding in search.FindIn(place, text))
        {
            Found.Enqueue(finding);
        }
    }
}
