using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>The upstream part of the gateway with its real registration. It keeps every log line.</summary>
internal sealed class UpstreamHost : IAsyncDisposable, ILoggerProvider
{
    public static readonly UpstreamQuestion Question =
        new(RentedNumber.Reported("79123456789"), new DateTime(2021, 1, 1, 0, 0, 0), new DateTime(2021, 1, 1, 23, 59, 59));

    private readonly WebApplication app;

    public UpstreamHost(string address, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Upstream:BaseAddress"] = address,
            ["Upstream:Username"] = "demo",
            ["Upstream:Password"] = "demo",
            ["Upstream:Retries"] = "0",
        });
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(this);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.AddGatewayConfiguration();
        builder.Services.AddSingleton(new AnswerMemory(1L << 40, "", _ => { }));
        builder.AddUpstream();
        app = builder.Build();
    }

    public ConcurrentQueue<string> Logs { get; } = new();

    public Task<UpstreamAnswer> AskAsync(CancellationToken cancellationToken = default) => AskAsync(Question, cancellationToken);

    public Task<UpstreamAnswer> AskAsync(UpstreamQuestion question, CancellationToken cancellationToken = default) =>
        app.Services.GetRequiredService<UpstreamClient>().AskAsync(question, cancellationToken);

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, Logs);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    public void Dispose()
    {
    }

    private sealed class Recorder(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue($"{category} scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{category} {logLevel} {formatter(state, exception)} {exception}");
    }
}
