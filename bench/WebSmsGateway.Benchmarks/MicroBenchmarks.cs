using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace WebSmsGateway.Benchmarks;

/// <summary>Runs the micro-benchmarks in this process, because the types of the gateway are internal.</summary>
internal static class MicroBenchmarks
{
    public static int Run(string[] args)
    {
        BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly)
            .Run(args.Length == 0 ? ["--filter", "*"] : args, Config(Job.ShortRun, ConsoleLogger.Default));
        return 0;
    }

    /// <summary>Runs each benchmark once. A benchmark that throws fails the build.</summary>
    public static int Once()
    {
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly)
            .Run(["--filter", "*"], Config(Job.Dry, NullLogger.Instance)).ToList();
        var failed = summaries.SelectMany(summary => summary.Reports).Where(report => !report.Success).ToList();
        foreach (var report in failed)
        {
            Console.Error.WriteLine($"{report.BenchmarkCase.DisplayInfo} failed");
        }

        Console.WriteLine($"{summaries.Sum(summary => summary.Reports.Length)} benchmarks ran once, {failed.Count} failed");
        return failed.Count == 0 && summaries.Count > 0 ? 0 : 1;
    }

    private static ManualConfig Config(Job job, ILogger logger) => ManualConfig.CreateEmpty()
        .AddJob(job.WithToolchain(InProcessEmitToolchain.Instance))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddExporter(MarkdownExporter.GitHub)
        .AddLogger(logger);
}
