using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// Counts the calls to WEBSMS for 20,000 requests within ten minutes for 200 numbers (Zipf's law). The ranges end now: 60% are today, 25%
/// the last week, 10% the last month, 5% older. Day records are measured with the gateway on a test clock in front of the simulator. A
/// cache keyed by URL with the same freshness, and no cache, are computed from the same trace with the sizes of the answers.
/// </summary>
internal static class TraceComparison
{
    private const int Numbers = 200;
    private const int Requests = 20_000;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync()
    {
        var number = await RunAsync("Number");
        var account = await RunAsync("Account");
        Console.WriteLine(
            $"""
            {Requests:N0} requests, {Numbers} numbers, {Length.TotalMinutes:N0} min, freshness {Freshness.TotalSeconds:N0} s

            | cache | calls upstream | of these for the tail of today | today whole | closed days, first | rechecks | MB upstream |
            |---|---:|---:|---:|---:|---:|---:|
            | none | {Requests:N0} | | | | | {number.BareBytes / 1e6:N1} |
            | by URL | {number.UrlCalls:N0} | | | | | {number.UrlBytes / 1e6:N1} |
            | records, Upstream:Scope=Number | {number.Calls:N0} | {number.Kinds} | {number.Bytes / 1e6:N1} |
            | records, Upstream:Scope=Account | {account.Calls:N0} | {account.Kinds} | {account.Bytes / 1e6:N1} |
            """);
        return account.Calls * 50 <= account.UrlCalls ? 0 : 1;
    }

    private static async Task<Outcome> RunAsync(string scope)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 11, 12, 0, 0, TimeSpan.FromHours(3)));
        await using var simulator = SimulatorApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration["urls"] = "http://127.0.0.1:0";
            builder.Configuration["Simulator:MaxRequests"] = "100000";
            builder.Services.AddSingleton<TimeProvider>(clock);
        });
        await simulator.StartAsync();
        var account = simulator.Services.GetRequiredService<SimulatorState>().AddAccount("bench", "bench");
        Fill(account, clock.GetUtcNow());

        await using var gateway = GatewayApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration["Upstream:BaseAddress"] = simulator.Urls.First() + "/";
            builder.Configuration["Upstream:Username"] = builder.Configuration["Upstream:Password"] = "bench";
            builder.Configuration["Upstream:Scope"] = scope;
            builder.Configuration["Authentication:AllowAnonymous"] = "true";
            builder.Services.AddSingleton<TimeProvider>(clock);
        });
        var archive = gateway.Services.GetRequiredService<MessageArchive>();

        var random = new Random(20260311);
        var byUrl = new Dictionary<(int Number, int Days, long From), DateTimeOffset>();
        var (urlCalls, urlBytes, bareBytes) = (0, 0L, 0L);
        for (var i = 0; i < Requests; i++)
        {
            clock.Advance(Length / Requests);
            var now = clock.GetUtcNow();
            var (number, days) = (Zipf(random), Days(random));
            var today = SampleData.Zone.DayOf(now);
            await archive.ReadAsync(archive.ScopeOf(RentedNumber.Reported(NumberOf(number))), today.AddDays(-days), today, DayReader.Gateway, CancellationToken.None);

            var bytes = AnswerBytes(number, days);
            bareBytes += bytes;

            // A request for "the last week" has from and to as moments, so its URL repeats only within the same second.
            var key = (number, days, now.ToUnixTimeSeconds());
            if (!byUrl.TryGetValue(key, out var fetched) || now - fetched >= Freshness)
            {
                byUrl[key] = now;
                urlCalls++;
                urlBytes += bytes;
            }
        }

        var calls = account.Requests();
        return new Outcome(calls.Count, KindsOf(calls, SampleData.Zone.DayOf(clock.GetUtcNow())), calls.Sum(call => call.Bytes), urlCalls, urlBytes, bareBytes);
    }

    /// <summary>The calls by kind, as cells of the table. A recheck asks only for days that were asked for before.</summary>
    private static string KindsOf(IReadOnlyList<SimulatorRequest> calls, DateOnly today)
    {
        var asked = new HashSet<(string, DateOnly)>();
        var (tails, whole, closed, rechecks) = (0, 0, 0, 0);
        foreach (var call in calls)
        {
            var (first, last) = (At("startdate"), At("enddate"));
            var number = call.Parameters.GetValueOrDefault("rentnum", "");
            var isNew = false;
            for (var day = DateOnly.FromDateTime(first); day <= DateOnly.FromDateTime(last); day = day.AddDays(1))
            {
                isNew |= asked.Add((number, day));
            }

            if (DateOnly.FromDateTime(first) == today)
            {
                (tails, whole) = first.TimeOfDay > TimeSpan.Zero ? (tails + 1, whole) : (tails, whole + 1);
            }
            else
            {
                (closed, rechecks) = isNew ? (closed + 1, rechecks) : (closed, rechecks + 1);
            }

            DateTime At(string name) => DateTime.ParseExact(call.Parameters[name], "dd.MM.yyyy HH:mm:ss", CultureInfo.InvariantCulture);
        }

        return $"{tails:N0} | {whole:N0} | {closed:N0} | {rechecks:N0}";
    }

    private static void Fill(SimulatedAccount account, DateTimeOffset now)
    {
        for (var number = 0; number < Numbers; number++)
        {
            account.AddMessages(Enumerable.Range(0, PerDay(number) * 60).Select(i => new SimulatorMessage(
                NumberOf(number), "Sberbank", $"Ваш код {i:000000}. Никому его не сообщайте.",
                now - (TimeSpan.FromDays(1) / PerDay(number) * i))));
        }
    }

    private static int PerDay(int number) => Math.Max(1, 100 / (number + 1));

    // A record of the vendor's JSON has about 150 bytes. Half of today is over.
    private static long AnswerBytes(int number, int days) => 150L * ((PerDay(number) * days) + (PerDay(number) / 2)) + 2;

    private static string NumberOf(int index) => $"79{20000000 + index:000000000}";

    private static int Zipf(Random random)
    {
        var target = random.NextDouble() * Enumerable.Range(1, Numbers).Sum(rank => 1.0 / rank);
        for (var rank = 1; ; rank++)
        {
            target -= 1.0 / rank;
            if (target <= 0 || rank == Numbers)
            {
                return rank - 1;
            }
        }
    }

    private static int Days(Random random) => random.NextDouble() switch
    {
        < 0.60 => 0,
        < 0.85 => 7,
        < 0.95 => 30,
        _ => 60,
    };

    private sealed record Outcome(int Calls, string Kinds, long Bytes, int UrlCalls, long UrlBytes, long BareBytes);
}
