using BenchmarkDotNet.Attributes;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Model;

namespace WebSmsGateway.Benchmarks;

/// <summary>Measures one new message on an open day, by the size of the day: the merge in memory and the changed block for Redis.</summary>
public class RecordBenchmarks
{
    private static readonly DateOnly Day = new(2026, 3, 11);
    private DayRecord record = null!;
    private Message arrival = null!;

    /// <summary>The number of messages of the day.</summary>
    [Params(1_000, 10_000, 100_000)]
    public int Messages { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        record = SampleData.Record(Messages, Day);
        var late = Day.ToDateTime(new TimeOnly(23, 59, 30));
        arrival = MessageFactory.Make(
                new MessageId(Day, 42), SampleData.Number, Sender.Reported("900"), SampleData.Zone.ToInstant(late), "Тест")
            .Placed(1000, new Stamp(2, 0), isFirst: false);
    }

    [Benchmark]
    public int Refresh() => record.With([arrival], SampleData.Metadata(record.AskedAt)).Count;

    [Benchmark]
    public int BlockForRedis() => MessageCodec.WriteBlock(record.Blocks[^1]).Length;
}
