using System.Globalization;
using WebSmsGateway.Benchmarks;

// The first argument chooses the measurement. The docs name the command beside every figure.
return args switch
{
    ["--once", ..] => Math.Max(
        Math.Max(Math.Max(MicroBenchmarks.Once(), CodeTable.Run([])), await TraceComparison.RunAsync()),
        Math.Max(await Growth.RunAsync(once: true), Math.Max(
            await DownloadGrowth.RunAsync(once: true), Math.Max(await FeedLoad.RunAsync(once: true), await WebhookLoad.RunAsync(once: true))))),
    ["micro", .. var rest] => MicroBenchmarks.Run(rest),
    ["codes", .. var files] => CodeTable.Run(files),
    ["trace", ..] => await TraceComparison.RunAsync(),
    ["growth"] => Math.Max(await Growth.RunAsync(), await DownloadGrowth.RunAsync()),
    ["growth", "known"] => await Growth.RunAsync(),
    ["gateway", .. var rest] => await DownloadGrowth.HostAsync(rest),
    ["feed"] => await FeedLoad.RunAsync(),
    ["feed", var program] => await FeedLoad.RunAsync(program: program),
    ["webhooks"] => await WebhookLoad.RunAsync(),
    ["feed-readers", var port, var streams, var waits] => await FeedReaders.RunAsync(int.Parse(port), int.Parse(streams), int.Parse(waits)),
    ["hostile", "--minutes", var minutes] => await HostileSoak.RunAsync(double.Parse(minutes, CultureInfo.InvariantCulture)),
    ["hostile-client", var address, var key, var days, var cursor] => await HostileClient.RunAsync(new Uri(address), key, HostileDays.Parse(days), cursor),
    ["peer", var address, var file] => await Peers.BareAsync(address, file),
    ["peer-output-cache", var address, var file] => await Peers.OutputCacheAsync(address, file),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        dotnet run -c Release --project bench/WebSmsGateway.Benchmarks -- COMMAND

          --once   one short pass of every benchmark, so that none of them rots
          micro    the micro-benchmarks, with times and allocations; further words go to BenchmarkDotNet
          codes    how often the rule for one-time codes is right, over the texts of its tests, or of files of your own
          trace    calls and bytes upstream for records, for a cache keyed by URL, and for no cache
          growth   what pages, lists, known days and downloads cost, against how much there is
          feed [PUBLISHED.dll]  thousands of streams and waits: memory of each, time from arrival to delivery, calls upstream; of this source,
                   or of a published gateway of any version
          hostile --minutes N   one client that misuses everything at once, beside a well-behaved one; bench/soak.sh --hostile runs it
          webhooks a hundred webhooks: time from arrival to the receiver, calls upstream, processor time while nothing arrives
          peer ADDRESS FILE                bare Kestrel that hands out a file's bytes: a peer of bench/compare.sh
          peer-output-cache ADDRESS FILE   ASP.NET Core's output caching of the same bytes: another one
        """);
    return 2;
}
