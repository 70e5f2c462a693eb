using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.RentedNumbers;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// Measures how costs grow with the amount of data: longer ranges, more numbers, more days in memory. All data is cached, so that only the
/// gateway is measured. <see cref="DownloadGrowth"/> measures downloads over sockets.
/// </summary>
internal static class Growth
{
    private const int PerDay = 100;
    private static readonly DateOnly LastDay = new(2026, 3, 11);
    private static TimeSpan measuringTime = TimeSpan.FromMilliseconds(700);

    public static async Task<int> RunAsync(bool once = false)
    {
        measuringTime = once ? TimeSpan.FromMilliseconds(1) : measuringTime;
        await RangesAsync();
        await NumbersAsync();
        await KeysAsync();
        return 0;
    }

    /// <summary>One number with 100 messages a day, and pages of 100 of it.</summary>
    private static async Task RangesAsync()
    {
        await using var gateway = Build("Number");
        for (var i = 0; i < 366; i++)
        {
            Know(gateway, SampleData.Number, LastDay.AddDays(-i), PerDay);
        }

        Head($"a range with {PerDay} messages a day", "1 day", "31 days", "366 days");
        await RowAsync("newest page of 100", [1, 31, 366], days => Page(gateway, days, query => query));
        await RowAsync("oldest page of 100", [1, 31, 366], days => Page(gateway, days, query => query with { Ascending = true }));
        await RowAsync("page of a text that no message has", [1, 31, 366], days => Page(gateway, days, query => query with { Contains = "счёт" }));
        await RowAsync("one message by its id", [1, 31, 366], _ => Message(gateway));
    }

    /// <summary>An account in which each number received ten messages on one day.</summary>
    private static async Task NumbersAsync()
    {
        Head("numbers with 10 messages each on that day", "100", "1,000", "10,000");
        var (accounts, apart) = (new Dictionary<int, WebApplication>(), new Dictionary<int, WebApplication>());
        foreach (var numbers in (int[])[100, 1_000, 10_000])
        {
            (accounts[numbers], apart[numbers]) = (Build("Account"), Build("Number"));
            KnowAccount(accounts[numbers], numbers);
            for (var i = 0; i < numbers; i++)
            {
                Know(apart[numbers], NumberOf(i), LastDay, 10);
            }
        }

        await RowAsync("list of all numbers", [.. accounts.Keys], numbers => Count(accounts[numbers]));
        await RowAsync("newest page of 100 of all", [.. accounts.Keys], numbers => Page(accounts[numbers], 1, query => query with { Number = null }));
        await RowAsync("page of one number, Scope=Number", [.. apart.Keys], numbers => PageOfNumber(apart[numbers], numbers));
        await RowAsync("page of one number, Scope=Account", [.. accounts.Keys], numbers => PageOfNumber(accounts[numbers], numbers));
        foreach (var account in accounts.Values.Concat(apart.Values))
        {
            await account.DisposeAsync();
        }
    }

    /// <summary>Days of ten messages in the memory tier, read in random order.</summary>
    private static async Task KeysAsync()
    {
        Head("days in memory, 10 messages each", "100", "10,000", "100,000");
        var tiers = new Dictionary<int, WebApplication>();
        foreach (var keys in (int[])[100, 10_000, 100_000])
        {
            tiers[keys] = Build("Number");
            var messages = Known(NumberOf(0), LastDay, 10);
            for (var i = 0; i < keys; i++)
            {
                Hold(tiers[keys], new Scope(NumberOf(i)), LastDay, messages);
            }
        }

        await RowAsync("one day, found", [.. tiers.Keys], keys =>
        {
            var archive = tiers[keys].Services.GetRequiredService<MessageArchive>();
            return () => archive.ReadAsync(new Scope(NumberOf(Random.Shared.Next(keys))), LastDay, LastDay, DayReader.Gateway, CancellationToken.None);
        });
        var costs = tiers.Select(tier => $"{tier.Value.Services.GetRequiredService<MemoryTier>().Cost / 1024.0 / tier.Key:0.0} kB");
        Console.WriteLine($"| memory of a day | {string.Join(" | ", costs)} |");
        foreach (var tier in tiers.Values)
        {
            await tier.DisposeAsync();
        }
    }

    private static Func<Task> Page(WebApplication gateway, int days, Func<MessageQuery, MessageQuery> change)
    {
        var reader = gateway.Services.GetRequiredService<Follower>();
        var query = change(new MessageQuery
        {
            Number = SampleData.Number,
            Numbers = NumberSet.All,
            Fields = MessageFields.All,
            Range = new TimeRange(SampleData.Zone.StartOf(LastDay.AddDays(1 - days)), SampleData.Zone.EndOf(LastDay)),
            Start = SampleData.Zone.StartOf(LastDay.AddDays(1 - days)),
            Fingerprint = 1,
        });
        return () => Checked(reader.ReadAsync(query, CancellationToken.None));
    }

    private static Func<Task> PageOfNumber(WebApplication gateway, int numbers) =>
        Page(gateway, 1, query => query with { Number = NumberOf(numbers / 2) });

    private static Func<Task> Message(WebApplication gateway)
    {
        var reader = gateway.Services.GetRequiredService<Follower>();
        var id = Known(SampleData.Number, LastDay, PerDay)[PerDay / 2].Id;
        return async () => _ = (await reader.FindAsync(SampleData.Number, NumberSet.All, id, "", CancellationToken.None)).Message
            ?? throw new InvalidOperationException("The message is not there.");
    }

    private static Func<Task> Count(WebApplication gateway)
    {
        var counts = gateway.Services.GetRequiredService<RentedNumberCounts>();
        var (from, to) = (SampleData.Zone.StartOf(LastDay), SampleData.Zone.EndOf(LastDay));
        return () => counts.CountAsync(NumberSet.All, new TimeRange(from, to), "", CancellationToken.None);
    }

    private static async Task Checked(Task<PageReading> reading) =>
        _ = (await reading).Page ?? throw new InvalidOperationException("There is no page.");

    private static void Head(string what, params string[] sizes) =>
        Console.WriteLine($"\n| {what} | {string.Join(" | ", sizes)} |\n|---|{string.Concat(Enumerable.Repeat("---:|", sizes.Length))}");

    private static async Task RowAsync(string name, int[] sizes, Func<int, Func<Task>> operation)
    {
        var cells = new List<string>();
        foreach (var size in sizes)
        {
            cells.Add(await MeasureAsync(operation(size)));
        }

        Console.WriteLine($"| {name} | {string.Join(" | ", cells)} |");
    }

    /// <summary>Time and memory of one operation. It never waits, so it ends on the thread on which it began.</summary>
    private static async Task<string> MeasureAsync(Func<Task> operation)
    {
        await RepeatAsync(operation, measuringTime);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var began = Stopwatch.GetTimestamp();
        var count = await RepeatAsync(operation, measuringTime);
        var microseconds = Stopwatch.GetElapsedTime(began).TotalMicroseconds / count;
        var kilobytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1024.0 / count;
        return $"{microseconds:#,0.0} µs, {kilobytes:#,0.0} kB";
    }

    private static async Task<int> RepeatAsync(Func<Task> operation, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var count = 0;
        do
        {
            await operation();
            count++;
        }
        while (Stopwatch.GetElapsedTime(began) < time);
        return count;
    }

    public static WebApplication Build(string scope) => GatewayApplication.Create([], builder =>
    {
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Upstream:BaseAddress"] = "http://127.0.0.1:9/";
        builder.Configuration["Upstream:Username"] = builder.Configuration["Upstream:Password"] = "growth";
        builder.Configuration["Upstream:Scope"] = scope;
        builder.Configuration["Authentication:AllowAnonymous"] = "true";
        builder.Configuration["Cache:MemoryLimitMegabytes"] = "1024";
    });

    private static List<Message> Known(RentedNumber number, DateOnly day, int count) =>
        Made(SampleData.Records(count, day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(23.9) / count, number.ToString()), day);

    private static List<Message> Made(List<Upstream.Wire.WireRecord> records, DateOnly day) =>
        SampleData.Placed(records, day);

    private static void Know(WebApplication gateway, RentedNumber number, DateOnly day, int count) =>
        Hold(gateway, new Scope(number), day, Known(number, day, count));

    // Messages are in the order of time, one of each number in turn.
    private static void KnowAccount(WebApplication gateway, int numbers) => Hold(
        gateway, Scope.Account, LastDay,
        Made(
            [.. SampleData.Records(10 * numbers, LastDay.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(23.9) / (10 * numbers))
                .Select((record, i) => record with { RentNum = NumberOf(i % numbers).ToString() })],
            LastDay));

    public static void Hold(WebApplication gateway, Scope scope, DateOnly day, List<Message> messages)
    {
        var metadata = SampleData.Metadata(TimeProvider.System.GetUtcNow()) with { IsFinal = true };
        gateway.Services.GetRequiredService<MemoryTier>().Hold(scope, DayRecord.Of(day, messages, metadata));
    }

    private static RentedNumber NumberOf(int index) => RentedNumber.Reported($"79{20_000_000 + index:000000000}");
}
