namespace WebSmsGateway.Simulator.Behaviour;

public enum FaultKind
{
    /// <summary>Finds the records at once and answers later, by the simulator's clock.</summary>
    Delay,

    /// <summary>Holds the call until the caller leaves or the behaviour is set again; then it is answered by the new one.</summary>
    Hang,

    /// <summary>Sends so many bytes per second.</summary>
    Drip,

    /// <summary>Answers with an HTTP status, and with the query and the form in the body if <see cref="SimulatorFault.EchoQuery"/> is set.</summary>
    Status,

    /// <summary>Redirects to a location.</summary>
    Redirect,

    /// <summary>Resets the connection: before the answer, or after some bytes of its body.</summary>
    Reset,

    /// <summary>Leaves off the rest of the body.</summary>
    Truncate,

    /// <summary>Answers with a maintenance page and status 200.</summary>
    Html,

    /// <summary>Answers with random bytes, the same in each run.</summary>
    Garbage,

    /// <summary>Answers with an empty body.</summary>
    Empty,

    /// <summary>Refuses with an <c>error_num</c> in the asked format.</summary>
    ErrorNum,

    /// <summary>Answers with at least so many megabytes of well-formed records.</summary>
    Huge,

    /// <summary>
    /// Lists the first records of the window only, as a well-formed answer: the share <see cref="SimulatorFault.AtFraction"/> of them, and
    /// none by default.
    /// </summary>
    Forget,

    /// <summary>Answers about other days: about the window that lies so many days before the asked one.</summary>
    OtherDay,

    /// <summary>
    /// Fails behind the first records, the share <see cref="SimulatorFault.AtFraction"/> of them and one half by default: the script's error
    /// page takes the place of the others and of the end.
    /// </summary>
    ErrorPage,
}

/// <summary>A fault of every call, or of some calls.</summary>
public sealed record SimulatorFault
{
    public required FaultKind Kind { get; init; }

    /// <summary>For <see cref="FaultKind.Delay"/>.</summary>
    public int? Milliseconds { get; init; }

    /// <summary>For <see cref="FaultKind.Drip"/>.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>For <see cref="FaultKind.Status"/> and <see cref="FaultKind.Redirect"/>, whose default is 302.</summary>
    public int? Status { get; init; }

    /// <summary>For <see cref="FaultKind.Status"/>: whether the body repeats the query and the form with the password.</summary>
    public bool EchoQuery { get; init; }

    /// <summary>For <see cref="FaultKind.Status"/>: seconds in a <c>Retry-After</c> header.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>For <see cref="FaultKind.Redirect"/>.</summary>
    public string? Location { get; init; }

    /// <summary>
    /// For <see cref="FaultKind.Reset"/> and <see cref="FaultKind.Truncate"/>: after how many bytes of the body; a negative number counts
    /// from its end.
    /// </summary>
    public long? AtByte { get; init; }

    /// <summary>
    /// As <see cref="AtByte"/>, as a share of the body: 0 to 1. For <see cref="FaultKind.Forget"/> and
    /// <see cref="FaultKind.ErrorPage"/>: the share of the records that are listed.
    /// </summary>
    public double? AtFraction { get; init; }

    /// <summary>
    /// For <see cref="FaultKind.Truncate"/>. True: the head announces the whole body (by length or chunks), and the connection ends early.
    /// False: the head announces the shortened body.
    /// </summary>
    public bool AnnounceWhole { get; init; }

    /// <summary>For <see cref="FaultKind.Garbage"/>: how many. Default: 1,000.</summary>
    public int? Bytes { get; init; }

    /// <summary>For <see cref="FaultKind.Huge"/>: how many.</summary>
    public int? Megabytes { get; init; }

    /// <summary>For <see cref="FaultKind.ErrorNum"/>.</summary>
    public int? ErrorNum { get; init; }

    /// <summary>For <see cref="FaultKind.OtherDay"/>: how many. Default: 1; a negative number is days after the asked ones.</summary>
    public int? Days { get; init; }

    /// <summary>Only calls about more than so many days have the fault; null for all calls.</summary>
    public int? LongerThanDays { get; init; }

    /// <summary>How many calls go before the first with the fault.</summary>
    public int After { get; init; }

    /// <summary>The fault applies to every nth of the calls after that.</summary>
    public int Every { get; init; } = 1;

    /// <summary>How many calls have the fault; null for no limit.</summary>
    public int? Times { get; init; }

    public static SimulatorFault Delay(TimeSpan delay) => new() { Kind = FaultKind.Delay, Milliseconds = (int)delay.TotalMilliseconds };

    public static SimulatorFault Hang() => new() { Kind = FaultKind.Hang };

    public static SimulatorFault Drip(int bytesPerSecond) => new() { Kind = FaultKind.Drip, BytesPerSecond = bytesPerSecond };

    public static SimulatorFault StatusCode(int status, bool echoQuery = false) =>
        new() { Kind = FaultKind.Status, Status = status, EchoQuery = echoQuery };

    public static SimulatorFault Redirect(string location) => new() { Kind = FaultKind.Redirect, Location = location };

    /// <summary>Before the answer, or after some bytes of its body.</summary>
    public static SimulatorFault Reset(long? atByte = null) => new() { Kind = FaultKind.Reset, AtByte = atByte };

    public static SimulatorFault Truncate(long atByte, bool announceWhole = false) =>
        new() { Kind = FaultKind.Truncate, AtByte = atByte, AnnounceWhole = announceWhole };

    public static SimulatorFault Html() => new() { Kind = FaultKind.Html };

    public static SimulatorFault Garbage(int bytes = 1000) => new() { Kind = FaultKind.Garbage, Bytes = bytes };

    public static SimulatorFault Empty() => new() { Kind = FaultKind.Empty };

    public static SimulatorFault Error(int errorNum) => new() { Kind = FaultKind.ErrorNum, ErrorNum = errorNum };

    /// <summary>Lists a share of the records, from the first on.</summary>
    public static SimulatorFault Forget(double listed = 0) => new() { Kind = FaultKind.Forget, AtFraction = listed };

    public static SimulatorFault OtherDay(int days = 1) => new() { Kind = FaultKind.OtherDay, Days = days };

    /// <summary>Fails behind a share of the records.</summary>
    public static SimulatorFault ErrorPage(double listed = 0.5) => new() { Kind = FaultKind.ErrorPage, AtFraction = listed };

    public static SimulatorFault Huge(int megabytes) => new() { Kind = FaultKind.Huge, Megabytes = megabytes };
}
