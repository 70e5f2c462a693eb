using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Text;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Upstream;

public sealed class UpstreamSecrecyTests
{
    private const string Login = "login-that-must-not-leak";
    private const string Password = "Пароль&=+% that must not leak";

    private static readonly string[] Secrets =
    [
        Login, Password, "must not leak", "must%20not%20leak", "must+not+leak", Uri.EscapeDataString(Password),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)), "79123456789", "Тест", "http_password",
    ];

    [Fact]
    public async Task AskAsync_WhateverHappens_LeaksNothingToLogsTracesOrFailures()
    {
        var seen = new ConcurrentQueue<string>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Enqueue(
                $"{activity.DisplayName} {string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))}"),
        };
        ActivitySource.AddActivityListener(traces);
        using var events = new HttpEvents(seen);

        var echo = $"{Login} {Password} {Uri.EscapeDataString(Password)} 79123456789 Тест";
        using var certificate = Certificates.Server();
        await using var secure = new ScriptedServer(certificate, Reply.Ok(Reply.Message));
        await using var server = new ScriptedServer(
            Reply.Ok(Reply.Message), Reply.Status(500, body: echo), Reply.Status(404, body: echo),
            Reply.Status(302, $"Location: /?{Uri.EscapeDataString(echo)}\r\n"), Reply.Ok($"<html>{echo}</html>"), Reply.Nothing,
            Reply.Ok(Encoding.UTF8.GetBytes(Reply.Message), missing: 10), Reply.ErrorNumber(1), Reply.ErrorNumber(3), Reply.Silence);
        var hosts = new List<UpstreamHost>();
        try
        {
            hosts.Add(Host(server.Address(), "00:00:00.500"));
            hosts.Add(Host(secure.Address("localhost")));
            hosts.Add(Host("http://127.0.0.1:1/"));
            foreach (var host in hosts)
            {
                using var request = new Activity("request").Start();
                for (var question = 0; question < (host == hosts[0] ? 10 : 1); question++)
                {
                    var answer = await host.AskAsync();
                    seen.Enqueue(answer.Failure?.ToString() ?? "answered");
                }
            }

            // HttpClient repeats a request by itself if the connection ended without a byte.
            Assert.InRange(server.Requests.Count, 10, 12);
            var lines = hosts.SelectMany(host => host.Logs).Concat(seen).ToList();
            Assert.Contains(lines, line => line.Contains(nameof(UpstreamError.Timeout), StringComparison.Ordinal));
            Assert.DoesNotContain(lines, line => Secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    private static UpstreamHost Host(string address, string timeout = "00:00:10") => new(
        address, null, ("Upstream:Username", Login), ("Upstream:Password", Password), ("Upstream:Timeout", timeout));

    /// <summary>Collects the events of the framework about HTTP calls, which any listener in the process gets.</summary>
    private sealed class HttpEvents(ConcurrentQueue<string> seen) : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.Net.Http" or "System.Net.Security" or "System.Net.NameResolution"
                or "Microsoft-Extensions-Logging")
            {
                EnableEvents(eventSource, EventLevel.LogAlways);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            seen?.Enqueue($"{eventData.EventName} {string.Join(' ', eventData.Payload ?? new([]))}");
    }
}
