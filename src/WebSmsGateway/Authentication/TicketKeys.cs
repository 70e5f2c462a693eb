using System.Security.Cryptography;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Authentication;

/// <summary>The keys of tickets in force. A reload of the configuration replaces them, and ends what tickets of removed keys have opened.</summary>
internal sealed partial class TicketKeys
{
    private readonly ILogger<TicketKeys> logger;
    private volatile TicketKey[] keys = [];
    private byte[]? made;

    public TicketKeys(InForce<TicketOptions> options, ILogger<TicketKeys> logger)
    {
        this.logger = logger;
        options.Follow(Replace);
    }

    /// <summary>Makes the text of a ticket.</summary>
    public string Sign(Ticket ticket) => keys[0].Protect(TicketBytes.Write(ticket));

    /// <summary>What a ticket says, and the key that signed it; null if no key did.</summary>
    public (Ticket Ticket, TicketKey Key)? Open(string text)
    {
        if (TicketKey.BytesOf(text) is { } bytes)
        {
            foreach (var key in keys)
            {
                if (key.Open(bytes) is { } content)
                {
                    return TicketBytes.Read(content) is { } ticket ? (ticket, key) : null;
                }
            }
        }

        return null;
    }

    // The new keys are in force before the old ones end, so a page that comes back at once is refused.
    private void Replace(TicketOptions options)
    {
        var before = keys;
        keys = [.. SecretsOf(options).Select(secret => Array.Find(before, key => key.IsMadeFrom(secret)) ?? new TicketKey(secret))];
        foreach (var ended in before.Except(keys))
        {
            _ = ended.Life.CancelAsync();
        }
    }

    private List<byte[]> SecretsOf(TicketOptions options)
    {
        if (options.Keys.Count > 0)
        {
            return [.. options.Keys.Select(Convert.FromBase64String)];
        }

        if (made is null)
        {
            made = RandomNumberGenerator.GetBytes(SecretKey.Length);
            Log.Made(logger);
        }

        return [made];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Tickets are signed with a key made at start: they hold on this replica only and until it ends. Tickets:Keys:0 changes that; "
            + "make a key with: openssl rand -base64 32")]
        public static partial void Made(ILogger logger);
    }
}
