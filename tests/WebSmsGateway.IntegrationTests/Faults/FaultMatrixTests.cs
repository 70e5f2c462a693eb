using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>Every fault of WEBSMS at every endpoint: status, code, time and calls. After the fault every answer is normal again.</summary>
public sealed class FaultMatrixTests(MatrixFixture fixture) : IClassFixture<MatrixFixture>
{
    public static TheoryData<string> Faults => [.. FaultCase.All.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task EveryEndpoint_UnderTheFault_SaysSoInTimeAndIsWholeAfterwards(string name)
    {
        var fault = FaultCase.All[name];
        await using var run = MatrixRun.Start(fixture, fault);
        await run.ReadTheCachedPagesAsync();

        run.Account.Behaviour = fault.Behaviour;
        foreach (var endpoint in fixture.Endpoints)
        {
            await run.ExpectTheFaultAsync(endpoint);
        }

        await run.ExpectTheCachedPagesAsync();

        run.Account.Behaviour = new SimulatorBehaviour();
        run.Clock.SkipPauses();
        foreach (var endpoint in fixture.Endpoints)
        {
            await run.ExpectTheMessageAsync(endpoint);
        }

        await using var stream = await run.OpenStreamAsync();
        run.Account.Behaviour = fault.Behaviour;
        await run.ExpectTheFaultOnAsync(stream);
        run.Account.Behaviour = new SimulatorBehaviour();
        await run.ExpectTheNextMessageOnAsync(stream);
        run.ExpectNoSecretInTheLogs();
    }

    /// <summary>A gateway during one fault.</summary>
    private sealed class MatrixRun : IAsyncDisposable
    {
        private const string KnownToday = $"/rented-numbers/{EndpointCase.KnownNumber}/messages?from=2024-05-14";
        private const string KnownYesterday = $"/rented-numbers/{EndpointCase.KnownNumber}/messages?from=2024-05-13&to=2024-05-13";

        private readonly FaultCase fault;
        private readonly RunningGateway gateway;

        private MatrixRun(FaultCase fault, RunningGateway gateway, SimulatedAccount account, RunningClock clock)
        {
            this.fault = fault;
            this.gateway = gateway;
            Account = account;
            Clock = clock;
        }

        public SimulatedAccount Account { get; }

        public RunningClock Clock { get; }

        public static MatrixRun Start(MatrixFixture fixture, FaultCase fault)
        {
            var account = fixture.Simulator.NewAccount();
            EndpointCase.Receive(account);
            var clock = new RunningClock();

            // Reading a large answer takes time on a busy machine. Only a fault that never ends gets a short timeout.
            var timeout = fault.Code == "upstream-timeout" ? FaultCase.Timeout : TimeSpan.FromSeconds(5);
            var gateway = RunningGateway.Start(
                fixture.Simulator, account, clock.Time, ("Upstream:Timeout", $"{timeout}"), ("Upstream:Retries", $"{FaultCase.Retries}"),
                ("Upstream:MaxAnswerMegabytes", "4"), ("Upstream:Scope", "Number"), ("Cache:MaxStale", "12:00:00"),
                ("Cache:Freshness", "00:00:00.2"), ("Messages:IdKey", EndpointCase.IdKey));
            return new MatrixRun(fault, gateway, account, clock);
        }

        public async Task ReadTheCachedPagesAsync()
        {
            Assert.Equal([EndpointCase.Text], Texts(await gateway.GetAsync(KnownToday)));
            Assert.Equal([EndpointCase.Text], Texts(await gateway.GetAsync(KnownYesterday)));
        }

        public async Task<OpenStream> OpenStreamAsync()
        {
            // The first question of the stream is answered before the fault begins.
            await gateway.GetAsync($"/rented-numbers/{EndpointCase.StreamNumber}/messages?from=2024-05-14");
            return await OpenStream.StartAsync(gateway.Client, $"/rented-numbers/{EndpointCase.StreamNumber}/messages/stream");
        }

        public async Task ExpectTheFaultAsync(EndpointCase endpoint)
        {
            Clock.SkipPauses();
            var before = CallsAbout(endpoint.Number);
            var started = TimeProvider.System.GetTimestamp();
            using var response = await SendAsync(endpoint);
            var body = await response.Content.ReadAsStringAsync();
            var elapsed = TimeProvider.System.GetElapsedTime(started);

            var hasMessages = fault.Behaviour.Faults.Count == 0;
            var expected = fault.Code is null && !hasMessages ? endpoint.WithoutMessages : fault.Status;
            Assert.True(expected == (int)response.StatusCode, $"{endpoint} gave {(int)response.StatusCode}: {body}");
            Assert.Equal(hasMessages, body.Contains(EndpointCase.Text, StringComparison.Ordinal) || IsCount(body, 9));
            if (fault.Code is not null)
            {
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
                Assert.Equal(fault.Code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
                Assert.Null(response.Headers.ETag);
            }

            // All numbers are one question. A wait asks again while there are no messages.
            var calls = CallsAbout(endpoint.Number) - before;
            var isEmptyWait = fault.Code is null && !hasMessages && endpoint.IsWait;

            // On a busy machine an attempt may time out before its call arrives.
            var isTimeout = fault.Code == "upstream-timeout" && calls > 0 && calls < fault.Calls;
            // An answer that lacks what was known is doubted, so the day is read whole as well.
            var isDoubted = fault.Code is null && calls == fault.Calls + 1;
            Assert.True(calls == fault.Calls || isDoubted || isTimeout || (isEmptyWait && calls > 0), $"{endpoint} cost {calls} calls");
            Assert.True(elapsed < FaultCase.Bound || fault.Code != "upstream-timeout", $"{endpoint} took {elapsed}");
        }

        /// <summary>Cached messages are still served, and are marked as stale.</summary>
        public async Task ExpectTheCachedPagesAsync()
        {
            var before = CallsAbout(EndpointCase.KnownNumber);
            var yesterday = await gateway.GetAsync(KnownYesterday);
            Assert.Equal([EndpointCase.Text], Texts(yesterday));
            Assert.False(yesterday.GetProperty("stale").GetBoolean());
            Assert.Equal(before, CallsAbout(EndpointCase.KnownNumber));
            if (fault.Code is not null)
            {
                var today = await gateway.GetAsync(KnownToday);
                Assert.Equal([EndpointCase.Text], Texts(today));
                Assert.True(today.GetProperty("stale").GetBoolean());
            }
        }

        public async Task ExpectTheFaultOnAsync(OpenStream stream)
        {
            if (fault.Code is not null)
            {
                var problem = await stream.NextAsync();
                Assert.Equal("problem", problem.EventType);
                Assert.Equal(fault.Code, JsonDocument.Parse(problem.Data).RootElement.GetProperty("code").GetString());
            }
        }

        public async Task ExpectTheMessageAsync(EndpointCase endpoint)
        {
            using var response = await SendAsync(endpoint);
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{endpoint} gave {(int)response.StatusCode} afterwards: {body}");
            Assert.True(body.Contains(EndpointCase.Text, StringComparison.Ordinal) || IsCount(body, 9), $"{endpoint} gave {body}");
            Assert.DoesNotContain("\"stale\":true", body, StringComparison.Ordinal);
        }

        public async Task ExpectTheNextMessageOnAsync(OpenStream stream)
        {
            Account.AddMessages(new SimulatorMessage(EndpointCase.StreamNumber, "Sberbank", "новое", Clock.Time.GetUtcNow()));
            var message = await NextAsync(stream);
            while (message.EventType == "problem")
            {
                message = await NextAsync(stream);
            }

            Assert.Equal("новое", JsonDocument.Parse(message.Data).RootElement.GetProperty("text").GetString());
        }

        public void ExpectNoSecretInTheLogs()
        {
            Assert.DoesNotContain(gateway.Logs.Lines, line => line.Contains(Account.Password, StringComparison.Ordinal));
            Assert.DoesNotContain(gateway.Logs.Lines, line => line.Contains("Код 4711", StringComparison.Ordinal));
        }

        public async ValueTask DisposeAsync()
        {
            Account.Behaviour = new SimulatorBehaviour();
            await gateway.DisposeAsync();
            await Clock.DisposeAsync();
        }

        private static IEnumerable<string> Texts(JsonElement page) =>
            page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString()!);

        /// <summary>Whether this is a list with this many numbers that have messages.</summary>
        private static bool IsCount(string body, int numbers) => body.Split("\"messageCount\":1").Length == numbers + 1;

        /// <summary>Returns the next event after the pause that the fault caused.</summary>
        private async Task<SseItem<string>> NextAsync(OpenStream stream)
        {
            var next = stream.NextAsync();
            do
            {
                Clock.SkipPauses();
            }
            while (await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None)) != next);
            return await next;
        }

        private int CallsAbout(string? number) =>
            Account.Requests().Count(call => call.Parameters.GetValueOrDefault("rentnum") == number);

        private async Task<HttpResponseMessage> SendAsync(EndpointCase endpoint)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Path);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(endpoint.Accept));
            return await gateway.Client.SendAsync(request);
        }
    }
}

/// <summary>The simulator of all cases, and the ids of its messages.</summary>
public sealed class MatrixFixture : IAsyncLifetime
{
    private RunningSimulator? simulator;

    public RunningSimulator Simulator => simulator!;

    internal IReadOnlyList<EndpointCase> Endpoints { get; private set; } = [];

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync();
        var account = simulator.NewAccount();
        EndpointCase.Receive(account);
        await using var clock = new RunningClock();
        await using var gateway = RunningGateway.Start(simulator, account, clock.Time, ("Messages:IdKey", EndpointCase.IdKey));
        var page = await gateway.GetAsync("/messages?from=2024-05-14");
        var ids = page.GetProperty("items").EnumerateArray()
            .ToDictionary(item => item.GetProperty("rentedNumber").GetString()!, item => item.GetProperty("id").GetString()!);
        Endpoints = EndpointCase.All(number => ids[number]);
    }

    public async Task DisposeAsync() => await Simulator.DisposeAsync();
}
