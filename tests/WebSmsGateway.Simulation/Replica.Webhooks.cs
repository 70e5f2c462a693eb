using FluentValidation;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Health;
using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Receivers;
using WebSmsGateway.Simulation.Worlds;
using WebSmsGateway.Webhooks;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Simulation;

/// <summary>The webhooks of a process, put together from the gateway's own classes.</summary>
internal sealed partial class Replica
{
    private const string Owner = "all";
    private const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// <summary>Runs the webhooks of a world in this process.</summary>
    public IReadOnlyList<EndpointRun> RunWebhooks(World world, ReplicaRun run)
    {
        var setting = world.Setting.Receivers!;
        var options = OptionsOf(setting);
        var cache = Options.Create(new CacheOptions { Freshness = world.Setting.Freshness });
        var numbers = new NumberDirectory([]);
        var log = new WebhookLog(world, run);
        var silence = new SilenceAlarm(Archive, Schedule, zone, numbers, cache, clock, new DefectLog(_ => { }).Of<SilenceAlarm>());
        var services = new WebhookServices(
            world.Store is null ? new MemoryStates(clock) : new WebhookStates(world, run), ReceiverLine.SenderOf(world, run, options),
            followings, follower, cursors, options, new WebhookConditions(silence, clock), clock, log);
        ApiKeyOptions[] keys = [new() { Name = Owner, Numbers = ["*"] }];
        return [.. setting.Receivers.Select((receiver, index) => new EndpointRun(WebhookEndpoint.Of(OptionsOf(receiver, index), keys, numbers), services))];
    }

    private static InForce<WebhooksOptions> OptionsOf(ReceiversSetting setting)
    {
        // A state that was lost begins before the world did, so that every message is owed.
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Webhooks:ParkAfter"] = setting.ParkAfter.ToString("c"),
            ["Webhooks:Timeout"] = setting.Timeout.ToString("c"),
            ["Webhooks:RecoverWithin"] = "1.00:00:00",
        }).Build();
        return new InForce<WebhooksOptions>(WebhooksOptions.Section, new InlineValidator<WebhooksOptions>(), settings);
    }

    private static WebhookEndpointOptions OptionsOf(ReceiverSetting receiver, int index) => new()
    {
        Name = $"hook{index}",
        Url = new Uri($"https://93.184.216.34/{index}"),
        Secrets = [Secret],
        Owner = Owner,
        Numbers = receiver.Number < 0 ? [] : [Websms.NumberOf(receiver.Number)],
        Contains = receiver.Contains,
    };

    /// <summary>Puts what webhooks log into the story. A defect of the gateway breaks a promise.</summary>
    private sealed class WebhookLog(World world, ReplicaRun run) : ILogger<EndpointRun>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            world.Tell($"{run}: {line}");
            if (line.StartsWith("A defect", StringComparison.Ordinal))
            {
                world.Report(Promise.NoDefect, line);
            }
        }
    }
}
