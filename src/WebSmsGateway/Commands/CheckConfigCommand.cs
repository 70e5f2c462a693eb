using Microsoft.Extensions.Options;
using WebSmsGateway.Budgets;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Commands;

/// <summary>Prints the settings in force with their sources, then every fault. With <c>--probe</c> it also asks WEBSMS.</summary>
internal static class CheckConfigCommand
{
    public const string Name = "check-config";

    private const string Probe = "--probe";
    private static readonly TimeSpan ProbedTime = TimeSpan.FromHours(1);

    public static async Task<int> RunAsync(
        string[] args, Func<string[], Action<WebApplicationBuilder>?, WebApplication?> create, TextWriter output, TextWriter error)
    {
        await using var app = create([.. args.Where(arg => arg != Probe)], builder => builder.Logging.ClearProviders());
        if (app is null)
        {
            return 1;
        }

        foreach (var setting in ActivatorUtilities.CreateInstance<SettingsInForce>(app.Services).List())
        {
            await output.WriteLineAsync($"{setting.Key} = {setting.Value}   ({setting.Source})");
        }

        await output.WriteLineAsync();
        foreach (var address in ListenAddresses.InUse(app.Configuration))
        {
            await output.WriteLineAsync($"Warning: another program listens at {address}, perhaps a running gateway.");
        }

        if (app.Services.GetRequiredService<CheckedConfiguration>().Faults is { Count: > 0 } faults)
        {
            await error.WriteLineAsync(string.Join(error.NewLine, faults));
            return 1;
        }

        foreach (var check in app.Services.GetServices<OutsideCheck>())
        {
            foreach (var line in await check.LinesAsync(CancellationToken.None))
            {
                await output.WriteLineAsync(line);
            }
        }

        await WritePlanAsync(app.Services, output);
        await output.WriteLineAsync("No faults.");
        return !args.Contains(Probe) || await ProbeAsync(app.Services, output, error) ? 0 : 1;
    }

    private static async Task WritePlanAsync(IServiceProvider services, TextWriter output)
    {
        var plan = services.GetRequiredService<MemoryPlan>();
        var bounds = services.GetRequiredService<ConnectionBounds>();
        var configuration = services.GetRequiredService<IConfiguration>();
        await output.WriteLineAsync(
            $"Memory: {plan.Total / MemoryPlan.Mebibyte} MiB of the {plan.Available / MemoryPlan.Mebibyte} MiB that the process may have.");
        await output.WriteLineAsync($"{"part",-12} {"MiB",6} {"of one owner",13}");
        foreach (var part in Enum.GetValues<BudgetPart>())
        {
            await output.WriteLineAsync(
                $"{part.Name(),-12} {plan.Of(part) / MemoryPlan.Mebibyte,6} {plan.ShareOf(part) / MemoryPlan.Mebibyte,13}");
        }

        await output.WriteLineAsync($"At most {bounds.All} connections: {bounds.Arithmetic}");
        foreach (var lowered in services.GetServices<LoweredDefault>().Where(lowered => lowered.AppliesTo(configuration)))
        {
            if (lowered.Line is { } line)
            {
                await output.WriteLineAsync(line);
            }
        }

        await output.WriteLineAsync();
    }

    /// <summary>
    /// One call about the last hour is enough to check address, certificate, login and format. A second one finds out whether the other method
    /// works too, unless WEBSMS rejected the password, because another wrong one might lock the account.
    /// </summary>
    /// <returns>Whether the configured method works.</returns>
    private static async Task<bool> ProbeAsync(IServiceProvider services, TextWriter output, TextWriter error)
    {
        var configured = services.GetRequiredService<IOptions<UpstreamOptions>>().Value.Method;
        var other = configured == UpstreamMethod.Get ? UpstreamMethod.Post : UpstreamMethod.Get;
        var failure = await ProbeAsync(services, configured, output, error);
        if (failure?.Error == UpstreamError.CredentialsRejected)
        {
            await error.WriteLineAsync($"Upstream:Method={other} was not tried: a second wrong password might lock the account.");
            return false;
        }

        var works = await ProbeAsync(services, other, output, error) is null;
        await output.WriteLineAsync((failure is null, works) switch
        {
            (true, true) when configured == UpstreamMethod.Post => "Both methods work, and the one in force keeps the password out of URLs.",
            (true, true) => "Both methods work. Upstream:Method=Post keeps the password out of URLs.",
            (true, false) => $"Upstream:Method={configured}, which is in force, works, and {other} does not.",
            (false, true) => $"Upstream:Method={other} works, and {configured}, which is in force, does not.",
            _ => "Neither method works.",
        });
        return failure is null;
    }

    private static async Task<UpstreamFailure?> ProbeAsync(
        IServiceProvider services, UpstreamMethod method, TextWriter output, TextWriter error)
    {
        var options = services.GetRequiredService<IOptions<UpstreamOptions>>().Value;
        var zone = services.GetRequiredService<AccountZone>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var number = options.Scope == UpstreamScope.Number
            ? services.GetRequiredService<NumberDirectory>().Listed.OrderBy(item => item.Entry).FirstOrDefault()?.Number
            : null;
        var question = new UpstreamQuestion(number, zone.ToLocal(now - ProbedTime), zone.ToLocal(now));
        var about = $"{method}, WEBSMS at {options.BaseAddress.Authority}, {number?.Masked ?? "all numbers"}";
        var answer = (await services.GetRequiredService<UpstreamCall>().MakeAsync(question, method, CancellationToken.None)).Answer;
        if (answer.Failure is { } failure)
        {
            await error.WriteLineAsync($"{about}: {failure.Error}. {failure.Detail}");
            return failure;
        }

        await output.WriteLineAsync(
            $"{about}, last hour: {answer.Records.Count} messages, {answer.Problems.Count} unreadable, {answer.Bytes} bytes.");
        return null;
    }
}
