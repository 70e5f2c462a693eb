using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace WebSmsGateway.Authentication;

/// <summary>
/// Fetches the keys of the issuer in the background. A request only looks at what is here, so a silent issuer holds up no request. A
/// request with an unknown key asks for a newer set; such a fetch begins at most once in <see cref="AskedInterval"/>, however many ask.
/// The framework's configuration manager does neither: each request would wait for its own fetch, and for minutes there is no second one.
/// </summary>
internal sealed partial class IssuerKeys : BackgroundService
{
    /// <summary>The time after which the keys are fetched again though nobody asks, so that a removed key ends.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(10);

    /// <summary>The shortest time between two fetches that requests with unknown keys have started.</summary>
    public static readonly TimeSpan AskedInterval = TimeSpan.FromSeconds(10);

    /// <summary>The time for one fetch, which is two documents.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // The start waits a little for the first keys, so that the first callers of a new replica need not come again.
    private static readonly TimeSpan StartWait = TimeSpan.FromSeconds(2);

    private const int MaxBytes = 1024 * 1024;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);

    private readonly TokenOptions settings;
    private readonly TimeProvider clock;
    private readonly ILogger<IssuerKeys> logger;
    private readonly UndecidedTokens undecided;
    private readonly HttpClient http = new() { Timeout = System.Threading.Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxBytes };
    private readonly Lock gate = new();
    private volatile IssuerKeySet? current;
    private readonly TaskCompletionSource tried = NewSignal();
    private TaskCompletionSource asked = NewSignal();
    private DateTimeOffset askedFrom = DateTimeOffset.MinValue;
    private int fetches;

    public IssuerKeys(IOptions<AuthenticationOptions> options, TimeProvider clock, ILogger<IssuerKeys> logger)
    {
        (settings, this.clock, this.logger) = (options.Value.Jwt, clock, logger);
        undecided = new UndecidedTokens(clock);
    }

    /// <summary>Whether there is an issuer.</summary>
    public bool IsConfigured => !string.IsNullOrEmpty(settings.Authority);

    /// <summary>The newest keys; null until the issuer has answered for the first time.</summary>
    public IssuerKeySet? Current => current;

    /// <summary>
    /// Asks for a newer set for a token whose key is not in <see cref="Current"/>. The result is null if a fetch that began after the token
    /// came for the first time has not brought its key: then the token is wrong. Otherwise it is the time after which to look again.
    /// </summary>
    public TimeSpan? Ask(string token)
    {
        lock (gate)
        {
            if (undecided.IsDecided(token, nextFetch: fetches + 1, current?.Fetch ?? 0))
            {
                // The issuer may have changed its keys since. The next token with this key finds it then.
                asked.TrySetResult();
                return null;
            }

            asked.TrySetResult();
            var rest = askedFrom - clock.GetUtcNow();
            return (rest > TimeSpan.Zero ? rest : TimeSpan.Zero) + FirstRetry;
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        if (IsConfigured)
        {
            await Task.WhenAny(tried.Task, Task.Delay(StartWait, clock, cancellationToken));
        }
    }

    public override void Dispose()
    {
        http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsConfigured)
        {
            return;
        }

        var retry = FirstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            var isFetched = await FetchAsync(stoppingToken);
            tried.TrySetResult();
            await WaitAsync(isFetched ? RefreshInterval : retry, stoppingToken);
            retry = isFetched ? FirstRetry : retry * 2 < LastRetry ? retry * 2 : LastRetry;
        }
    }

    /// <summary>Waits for the next fetch: until its time, or until a request asks and asking is possible again.</summary>
    private async Task WaitAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(Task.Delay(pause, clock, over.Token), AskedAsync(over.Token));
        await over.CancelAsync();
    }

    private async Task AskedAsync(CancellationToken cancellationToken)
    {
        await asked.Task.WaitAsync(cancellationToken);
        var rest = askedFrom - clock.GetUtcNow();
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, clock, cancellationToken);
        }

        lock (gate)
        {
            askedFrom = clock.GetUtcNow() + AskedInterval;
        }
    }

    private async Task<bool> FetchAsync(CancellationToken stoppingToken)
    {
        int fetch;
        lock (gate)
        {
            fetch = ++fetches;
            asked = NewSignal();
        }

        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        try
        {
            var authority = new Uri(settings.Authority!);
            var documents = new HttpDocumentRetriever(http) { RequireHttps = !authority.IsLoopback };
            var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
                $"{settings.Authority!.TrimEnd('/')}/.well-known/openid-configuration", documents, ended.Token);
            if (string.IsNullOrEmpty(configuration.Issuer) || configuration.SigningKeys.Count == 0)
            {
                Log.Failed(logger, "it names no issuer or no key");
                return false;
            }

            Take(new IssuerKeySet(fetch, configuration, settings.Audience, current));
            return true;
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            // The library throws what its parsers throw. Whatever it is, the loop goes on.
            Log.Failed(logger, timeout.IsCancellationRequested ? "no answer in time" : ReasonOf(exception));
            return false;
        }
    }

    private void Take(IssuerKeySet next)
    {
        var before = current;
        current = next;
        var withdrawn = before?.WithdrawWhatIsNotIn(next) ?? 0;
        if (before is null || withdrawn > 0 || before.Count != next.Count)
        {
            Log.Keys(logger, next.Count, withdrawn);
        }
    }

    // The message of an exception may hold what the issuer answered.
    private static string ReasonOf(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException request)
            {
                return request.StatusCode is { } code ? $"HTTP {(int)code}" : request.HttpRequestError.ToString();
            }

            if (cause.Data[HttpDocumentRetriever.StatusCode] is { } status)
            {
                return $"HTTP {(int)status}";
            }
        }

        return "its answer cannot be read";
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Warning,
            Message = "The keys of the token issuer cannot be fetched ({Reason}); keys that were fetched before stay in force")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The token issuer has {Count} keys; {Withdrawn} were withdrawn")]
        public static partial void Keys(ILogger logger, int count, int withdrawn);
    }
}
