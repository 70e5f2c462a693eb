using System.Buffers;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Messages;
using WebSmsGateway.Model;

namespace WebSmsGateway.Benchmarks;

/// <summary>Measures a page from a cached day record, in both orders, and its cursor.</summary>
public class PageBenchmarks
{
    private static readonly DateOnly Day = new(2026, 3, 11);

    private readonly ArrayBufferWriter<byte> target = new(1 << 20);
    private WebApplication gateway = null!;
    private Follower follower = null!;
    private CursorCodec cursors = null!;
    private MessageQuery query = null!;
    private string cursor = "";

    /// <summary>The number of messages of the page.</summary>
    [Params(10, 100)]
    public int Limit { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        gateway = Growth.Build("Number");
        Growth.Hold(gateway, new Scope(SampleData.Number), Day, SampleData.Messages(10_000, Day));
        follower = gateway.Services.GetRequiredService<Follower>();
        cursors = gateway.Services.GetRequiredService<CursorCodec>();
        query = new MessageQuery
        {
            Number = SampleData.Number,
            Numbers = NumberSet.All,
            Fields = MessageFields.All,
            Range = new TimeRange(SampleData.Zone.StartOf(Day), SampleData.Zone.EndOf(Day)),
            Start = SampleData.Zone.StartOf(Day),
            Limit = Limit,
            Fingerprint = 1,
        };
        cursor = Read(query with { Ascending = true }).NextCursor!;
    }

    [GlobalCleanup]
    public void Cleanup() => ((IAsyncDisposable)gateway).DisposeAsync().AsTask().Wait();

    [Benchmark]
    public int Descending() => Write(query);

    [Benchmark]
    public int Ascending() => Write(query with { Ascending = true });

    [Benchmark]
    public int CursorRoundTrip() => cursors.Encode(cursors.Decode(cursor)!).Length;

    // All of it is held, so the page is there at once.
    private MessagePage Read(MessageQuery page) =>
        follower.ReadAsync(page, CancellationToken.None).GetAwaiter().GetResult().Page
            ?? throw new InvalidOperationException("There is no page.");

    private int Write(MessageQuery page)
    {
        var read = Read(page);
        return PageWriter.Whole(PageWriter.ItemsOf(read, MessageFields.All), PageWriter.ClosingOf(read)).Length;
    }
}
