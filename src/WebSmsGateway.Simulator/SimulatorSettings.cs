namespace WebSmsGateway.Simulator;

/// <summary>The settings at start: section <c>Simulator</c>. Everything else is set while the simulator runs.</summary>
public sealed class SimulatorSettings
{
    public const string Section = "Simulator";

    /// <summary>IANA name of the time zone of the records. Default: <c>Europe/Moscow</c>.</summary>
    public string TimeZone { get; set; } = "Europe/Moscow";

    /// <summary>Accounts besides <c>demo</c> with password <c>demo</c>, which always exists.</summary>
    public List<AccountSettings> Accounts { get; set; } = [];

    /// <summary>Whether answers have a <c>Date</c>. Otherwise they have one that is no date. Default: true.</summary>
    public bool SendDate { get; set; } = true;

    /// <summary>How many messages an account keeps; the oldest are dropped first. Default: 1,000,000.</summary>
    public int MaxMessages { get; set; } = 1_000_000;

    /// <summary>How many calls the log of an account keeps; the oldest are dropped first. Default: 10,000.</summary>
    public int MaxRequests { get; set; } = 10_000;
}

/// <summary>An account with its password.</summary>
public sealed class AccountSettings
{
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";
}
