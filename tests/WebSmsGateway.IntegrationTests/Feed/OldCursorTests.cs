using System.Diagnostics.Metrics;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

/// <summary>A stream that goes on from an old cursor has much to give.</summary>
public sealed class OldCursorTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const int Messages = 20_000;

    [Fact]
    public async Task Stream_ManyMessagesSinceItsCursor_ReadsThemInBatchesAndEachHasAnId()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Cache:Freshness", "00:00:01"));
        var start = (await gateway.GetAsync($"{PagePath}&cursor=now")).Next();
        await gateway.GetAsync($"{PagePath}&cursor={start}");
        var now = MoscowNow();
        account.AddMessages(Enumerable.Range(0, Messages).Select(i => new SimulatorMessage(Number, "900", $"{i:00000}") { LocalTime = now }));
        long reads = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "websms.day_record.reads")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref reads, count));
        listener.Start();

        var (texts, ids) = (new List<string>(), new List<string>());
        using (var stream = await EventStream.OpenAsync(gateway.Client, StreamPath, start))
        {
            for (var i = 0; i < Messages; i++)
            {
                var message = await NextMessageAsync(stream);
                texts.Add(message.Text);
                ids.Add(stream.LastId!);
            }
        }

        Assert.Equal(Enumerable.Range(0, Messages).Select(i => $"{i:00000}"), texts);
        Assert.Equal(Messages, ids.Distinct().Count());

        // A page for each event would read as many records. Other tests read some meanwhile.
        Assert.InRange(reads, 1, Messages / 2);

        // A reader that was cut off in the middle of a batch goes on behind the message that it had.
        foreach (var had in (int[])[0, 57, 10_049, Messages - 2])
        {
            using var resumed = await EventStream.OpenAsync(gateway.Client, StreamPath, ids[had]);
            Assert.Equal(texts[had + 1], (await NextMessageAsync(resumed)).Text);
        }
    }

    // On a busy machine WEBSMS may be slower than the poll likes, and the stream says so.
    private static async Task<StreamEvent> NextMessageAsync(EventStream stream)
    {
        while (true)
        {
            var next = await stream.NextAsync() ?? throw new EndOfStreamException("The stream ended before a message.");
            if (next.Type is not null and not "problem")
            {
                Assert.Equal("message", next.Type);
                return next;
            }
        }
    }
}
