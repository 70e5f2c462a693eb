using System.Buffers;
using BenchmarkDotNet.Attributes;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Messages;
using WebSmsGateway.Model;

namespace WebSmsGateway.Benchmarks;

/// <summary>Measures a page from a cached day record, in both orders, and its cursor.</summary>
public class PageBenchmarks
{
    private readonly ArrayBufferWriter<byte> target = new(1 << 20);
    private DayRecord[] records = [];
    private MessageQuery query = null!;
    private string cursor = "";

    /// <summary>The number of messages of the page.</summary>
    [Params(10, 100)]
    public int Limit { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        records = [SampleData.Record(10_000, new DateOnly(2026, 3, 11))];
        query = new MessageQuery
        {
            Number = SampleData.Number,
            Numbers = NumberSet.All,
            Range = new TimeRange(SampleData.Zone.StartOf(new DateOnly(2026, 3, 11)), null),
            Fingerprint = 1,
        };
        var page = new AscendingPage(query with { Ascending = true }, Limit, SampleData.Zone);
        page.IsFullAfter(records);
        cursor = page.Cursor().Text;
    }

    [Benchmark]
    public int Descending() => Write(new DescendingPage(query, Limit));

    [Benchmark]
    public int Ascending() => Write(new AscendingPage(query with { Ascending = true }, Limit, SampleData.Zone));

    [Benchmark]
    public int CursorRoundTrip() => PageCursor.Decode(cursor)!.Text.Length;

    private int Write(IPageBuilder builder)
    {
        target.ResetWrittenCount();
        builder.IsFullAfter(records);
        PageWriter.Write(target, new MessagePage
        {
            Items = builder.Take(),
            NextCursor = builder.Cursor()?.Text,
            CompleteUntil = records[0].AskedAt,
            Stale = false,
            Problems = [],
        });
        return target.WrittenCount;
    }
}
