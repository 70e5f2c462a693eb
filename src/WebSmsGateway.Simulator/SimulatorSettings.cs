namespace WebSmsGateway.Simulator;

/// <summary>What is set at start: section <c>Simulator</c>. Everything else is said to a running simulator.</summary>
public sealed class SimulatorSettings
{
    public const string Section = "Simulator";

    /// <summary>IANA name of the zone whose wall clock the records carry. Default: <c>Europe/Moscow</c>.</summary>
    public string TimeZone { get; set; } = "Europe/Moscow";

    /// <summary>Accounts besides <c>demo</c> with password <c>demo</c>, which always exists.</summary>
    public List<AccountSettings> Accounts { get; set; } = [];

    /// <summary>How many messages an account keeps; the oldest go first. Default: 1,000,000.</summary>
    public int MaxMessages { get; set; } = 1_000_000;

    /// <summary>How many calls an account's log keeps; the oldest go first. Default: 10,000.</summary>
    public int MaxRequests { get; set; } = 10_000;
}

/// <summary>An account with its password.</summary>
public sealed class AccountSettings
{
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";
}
