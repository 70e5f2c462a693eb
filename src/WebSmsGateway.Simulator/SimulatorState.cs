using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Simulator;

/// <summary>
/// The accounts of the simulator. Each has its own messages, behaviour and request log, so that several users can share a simulator. A
/// program that hosts the simulator controls it here, and other programs through <c>/simulator/…</c>.
/// </summary>
public sealed class SimulatorState
{
    /// <summary>The account that always exists; its password is the same word.</summary>
    public const string DemoAccount = "demo";

    private readonly ConcurrentDictionary<string, SimulatedAccount> accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly SimulatorSettings settings;

    public SimulatorState(IOptions<SimulatorSettings> settings, TimeProvider clock)
    {
        this.settings = settings.Value;
        Clock = new WallClock(TimeZoneInfo.FindSystemTimeZoneById(this.settings.TimeZone), clock);
        Unauthenticated = new RequestLog(this.settings.MaxRequests);
        AddAccount(DemoAccount, DemoAccount);
        foreach (var account in this.settings.Accounts)
        {
            AddAccount(account.Username, account.Password);
        }
    }

    /// <summary>The wall clock that the records carry.</summary>
    public WallClock Clock { get; }

    /// <summary>The account <c>demo</c>.</summary>
    public SimulatedAccount Demo => accounts[DemoAccount];

    /// <summary>Calls without a known account.</summary>
    internal RequestLog Unauthenticated { get; }

    /// <summary>Adds an account, or gives an existing one another password.</summary>
    public SimulatedAccount AddAccount(string username, string password)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(username);
        ArgumentException.ThrowIfNullOrEmpty(password);
        var account = accounts.GetOrAdd(username, name => new SimulatedAccount(name, settings, Clock));
        account.Password = password;
        return account;
    }

    /// <summary>The account with a name, in any letter case; null if there is none.</summary>
    public SimulatedAccount? FindAccount(string? username) =>
        username is not null && accounts.TryGetValue(username, out var account) ? account : null;

    /// <summary>Every account.</summary>
    public IReadOnlyCollection<SimulatedAccount> Accounts => [.. accounts.Values];

    /// <summary>The calls of all accounts and those without a known account, oldest first.</summary>
    public IReadOnlyList<SimulatorRequest> AllRequests() =>
        [.. Accounts.SelectMany(account => account.Requests()).Concat(Unauthenticated.List()).OrderBy(request => request.Time)];
}
