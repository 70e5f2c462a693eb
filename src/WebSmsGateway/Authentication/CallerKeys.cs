using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>
/// The configured keys. A changed configuration replaces them without a restart; a faulty one changes nothing, so that a
/// slip in a file locks nobody out and lets nobody in.
/// </summary>
internal sealed partial class CallerKeys : IDisposable
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";

    // A key of ours has 43 characters. Nobody gets a megabyte hashed.
    private const int MaxKeyLength = 256;

    private readonly IOptionsFactory<AuthenticationOptions> factory;
    private readonly ILogger<CallerKeys> logger;
    private readonly IDisposable subscription;
    private volatile Entry[] entries;

    public CallerKeys(
        IOptionsFactory<AuthenticationOptions> factory, IConfiguration configuration, ILogger<CallerKeys> logger)
    {
        this.factory = factory;
        this.logger = logger;
        entries = EntriesOf(factory.Create(Options.DefaultName));

        // Not IOptionsMonitor: after a faulty reload it throws at every reader, and has forgotten the last good value.
        subscription = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>How many there are.</summary>
    public int Count => entries.Length;

    /// <summary>The caller that a key belongs to; null if it is nobody's.</summary>
    public Caller? Find(string key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        Span<byte> utf8 = stackalloc byte[MaxKeyLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], hash);

        // Every key is compared, whole: the time taken tells nothing about which one was nearly right.
        Caller? found = null;
        foreach (var entry in entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Hash))
            {
                found = entry.Caller;
            }
        }

        return found;
    }

    public void Dispose() => subscription.Dispose();

    private static Entry[] EntriesOf(AuthenticationOptions options) => [.. options.ApiKeys.Select(EntryOf)];

    private static Entry EntryOf(ApiKeyOptions key)
    {
        var caller = new Caller("key:" + key.Name, key.Name, NumberSet.Parse(key.Numbers), key.RequestsPerMinute);
        return new Entry(Convert.FromHexString(key.Sha256), caller);
    }

    private void Reload()
    {
        try
        {
            entries = EntriesOf(factory.Create(Options.DefaultName));
            Log.Reloaded(logger, entries.Length);
        }
        catch (OptionsValidationException faults)
        {
            Log.Refused(logger, string.Join("; ", faults.Failures));
        }
        catch (InvalidOperationException unreadable)
        {
            // The binder's, for a value of the wrong kind. It names the key.
            Log.Refused(logger, unreadable.Message);
        }
    }

    private sealed record Entry(byte[] Hash, Caller Caller);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Configuration reloaded: {Count} API keys")]
        public static partial void Reloaded(ILogger logger, int count);

        [LoggerMessage(
            EventId = 2, Level = LogLevel.Error, Message = "Configuration reloaded, but API keys stay as they were: {Faults}")]
        public static partial void Refused(ILogger logger, string faults);
    }
}
