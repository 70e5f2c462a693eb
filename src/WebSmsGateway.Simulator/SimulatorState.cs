using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Simulator;

/// <summary>
/// The simulated system: its accounts. Each has its own messages, behaviour and request log, so that users who share a
/// simulator do not meet. A program that hosts the simulator controls it here, any other through <c>/simulator/…</c>.
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

    /// <summary>Calls that named no known account.</summary>
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

    /// <summary>The account of that name, in any letter case; null where there is none.</summary>
    public SimulatedAccount? FindAccount(string? username) =>
        username is not null && accounts.TryGetValue(username, out var account) ? account : null;

    /// <summary>Every account.</summary>
    public IReadOnlyCollection<SimulatedAccount> Accounts => [.. accounts.Values];

    /// <summary>The calls of all accounts, those that named no known account included, oldest first.</summary>
    public IReadOnlyList<SimulatorRequest> AllRequests() =>
        [.. Accounts.SelectMany(account => account.Requests()).Concat(Unauthenticated.List()).OrderBy(request => request.Time)];
}
