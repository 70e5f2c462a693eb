using System.Collections.Concurrent;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>SIGTERM comes while callers read, wait, download and stream. Open requests are finished, and the exit code is 0.</summary>
[Collection(HeavyTests.Name)]
public sealed class ShutdownTests : IAsyncLifetime
{
    private static readonly int Rounds = HeavyTests.Setting("WEBSMS_SHUTDOWNS", inCi: 6);

    private RunningSimulator simulator = null!;

    public async Task InitializeAsync() => simulator = await RunningSimulator.StartAsync();

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Fact]
    public async Task Terminate_UnderLoad_CutsNoAnswerAndExitsWithZero()
    {
        for (var round = 1; round <= Rounds; round++)
        {
            await TerminateUnderLoadAsync(round);
        }
    }

    private async Task TerminateUnderLoadAsync(int round)
    {
        var account = simulator.NewAccount();
        account.AddMessages(Enumerable.Range(0, 500).Select(
            i => new SimulatorMessage(
                "79021234567", "900", $"Сообщение {i}")
            { LocalTime = new DateTime(2024, 5, 14, 10, 0, 0).AddMinutes(i) }));
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Delay(TimeSpan.FromMilliseconds(300))] };
        await using var gateway = await GatewayProcess.StartAsync(simulator.BaseAddress, account);
        var load = new ShutdownLoad(gateway.Client);
        var callers = load.Start();
        await load.WaitForAnswersAsync(200);

        var signalled = TimeProvider.System.GetTimestamp();
        var exitCode = await gateway.StopAsync();
        load.Stop();
        await callers;

        Assert.True(exitCode == 0, $"round {round}: exit code {exitCode}");
        Assert.True(load.Cut.IsEmpty, $"round {round}: {string.Join("; ", load.Cut.Take(5))}");
        Assert.DoesNotContain(
            load.Unanswered, begun => TimeProvider.System.GetElapsedTime(begun, signalled) > TimeSpan.FromMilliseconds(200));
        Assert.Empty(load.Surprises.Take(3));
        Assert.Equal(10, load.StreamsEnded);
        Assert.InRange(TimeProvider.System.GetElapsedTime(signalled).TotalSeconds, 0, 20);
    }

    /// <summary>Callers of every kind, and the results of their requests.</summary>
    private sealed class ShutdownLoad(HttpClient client)
    {
        private readonly CancellationTokenSource stopped = new();
        private int answers;
        private int streamsEnded;
        private int cold;

        /// <summary>Answers that were cut after their head.</summary>
        public ConcurrentBag<string> Cut { get; } = [];

        /// <summary>The start times of requests without an answer.</summary>
        public ConcurrentBag<long> Unanswered { get; } = [];

        /// <summary>Unexpected answers.</summary>
        public ConcurrentBag<string> Surprises { get; } = [];

        public int StreamsEnded => streamsEnded;

        public Task Start() => Task.WhenAll(
        [
            .. Callers(20, () => "/messages?from=2024-05-14&to=2024-05-14&limit=500"),
            .. Callers(5, () => "/messages?from=2024-05-14&to=2024-05-14", "application/x-ndjson"),

            // These days are not in the archive, so each request waits for WEBSMS most of the time.
            .. Callers(5, ColdPage),
            .. Callers(5, () => "/messages?order=asc&cursor=now&wait=30"),
            .. Enumerable.Range(0, 10).Select(_ => StreamAsync()),
        ]);

        public void Stop() => stopped.Cancel();

        public async Task WaitForAnswersAsync(int count)
        {
            var started = TimeProvider.System.GetTimestamp();
            while (Volatile.Read(ref answers) < count)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"{answers} answers came");
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
            }
        }

        private string ColdPage()
        {
            var day = new DateOnly(2024, 1, 1).AddDays(-(Interlocked.Increment(ref cold) % 1000)).ToString("yyyy-MM-dd");
            return $"/messages?from={day}&to={day}";
        }

        private IEnumerable<Task> Callers(int count, Func<string> path, string accept = "application/json") =>
            Enumerable.Range(0, count).Select(_ => CallAsync(path, accept));

        private async Task CallAsync(Func<string> path, string accept)
        {
            while (!stopped.IsCancellationRequested && await ReadAsync(path(), accept))
            {
                Interlocked.Increment(ref answers);
            }
        }

        private async Task StreamAsync()
        {
            if (await ReadAsync("/messages/stream", "text/event-stream"))
            {
                Interlocked.Increment(ref streamsEnded);
            }
        }

        /// <summary>Whether an answer is complete.</summary>
        private async Task<bool> ReadAsync(string path, string accept)
        {
            var begun = TimeProvider.System.GetTimestamp();
            HttpResponseMessage response;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Accept.ParseAdd(accept);
                response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            }
            catch (HttpRequestException)
            {
                Unanswered.Add(begun);
                return false;
            }

            using (response)
            {
                try
                {
                    var body = await response.Content.ReadAsStringAsync();
                    if ((int)response.StatusCode is not (200 or 503))
                    {
                        Surprises.Add($"{path} gave {(int)response.StatusCode}: {body}");
                    }

                    return true;
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    Cut.Add($"{path} ({accept}): {exception.Message}");
                    return false;
                }
            }
        }
    }
}
