using WebSmsGateway.Configuration;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Upstream;

/// <summary>How WEBSMS is reached: section <c>Upstream</c>.</summary>
internal sealed class UpstreamOptions
{
    public const string Section = "Upstream";

    private const string Page = "http_feedback.asp";

    /// <summary>
    /// Address of the folder of <c>http_feedback.asp</c>: absolute, http or https, ending in <c>/</c>. The page's own address, as the
    /// vendor's document prints it, stands for its folder. Default: <c>https://cab.websms.ru/</c>.
    /// </summary>
    public Uri BaseAddress { get; set => field = FolderOf(value); } = new("https://cab.websms.ru/");

    /// <summary>The account's login. Required.</summary>
    [Secret]
    public string Username { get; set; } = "";

    /// <summary>The account's password. Required. A new one applies with the next question, without a restart.</summary>
    [Secret]
    [AppliesOnReload]
    public string Password { get; set; } = "";

    /// <summary>The answer format to ask for. Default: <see cref="WireFormat.Json"/>, the only one that can carry every text.</summary>
    public WireFormat Format { get; set; } = WireFormat.Json;

    /// <summary>IANA name of the zone of the account's wall clock. Default: <c>Europe/Moscow</c>.</summary>
    public string TimeZone { get; set; } = "Europe/Moscow";

    /// <summary>Timeout of one attempt, from the first byte sent to the last one read. Default: 10 s; 100 ms to 5 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Further attempts after network faults, HTTP 5xx and timeouts, with jitter. Default: 2; 0 to 10.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>
    /// How the parameters are sent. With <see cref="UpstreamMethod.Post"/> the password stands in no URL; <c>check-config --probe</c> says
    /// whether the endpoint takes it. Default: <see cref="UpstreamMethod.Get"/>, as WEBSMS documents it.
    /// </summary>
    public UpstreamMethod Method { get; set; } = UpstreamMethod.Get;

    /// <summary>
    /// How long a reader waits for a new answer while a last good one is held. Then it gets the last good one. Default: 2 s; 0 to 1 min.
    /// </summary>
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Calls in flight at the same time. Default: 4; 1 to 64.</summary>
    public int MaxConcurrency { get; set; } = 4;

    /// <summary>
    /// Longest answer, in MiB. A longer one is refused while it is read, and its days are asked for in parts. Default: 64, or less where the
    /// memory for answers does not hold that; 1 to 1024, within that memory.
    /// </summary>
    public int MaxAnswerMegabytes { get; set; } = 64;

    /// <summary>Whether to ask for all numbers at once or per rented number. Default: <see cref="UpstreamScope.Account"/>.</summary>
    public UpstreamScope Scope { get; set; } = UpstreamScope.Account;

    /// <summary>PEM file with certificate authorities to trust in addition to the system's. Default: none.</summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>SHA-256 of a server certificate to trust in addition, 64 hexadecimal digits, colons allowed. Default: none.</summary>
    public string? CertificateFingerprint { get; set; }

    /// <summary>HTTP status for an <c>error_num</c> of 1 to 4. Default: 1:502, 2:502, 3:400, 4:200.</summary>
    [AppliesOnReload]
    public Dictionary<int, int> ErrorStatus { get; set; } = [];

    // Cursors and names of keys in Redis depend on the address, so both spellings have to become one.
    private static Uri FolderOf(Uri address) =>
        address is { IsAbsoluteUri: true, Query: "", Fragment: "" }
        && address.AbsolutePath.EndsWith('/' + Page, StringComparison.OrdinalIgnoreCase)
            ? new Uri(address, ".")
            : address;
}

/// <summary>How the parameters of a question are sent.</summary>
internal enum UpstreamMethod
{
    /// <summary>In the URL.</summary>
    Get,

    /// <summary>As a form.</summary>
    Post,
}

/// <summary>What one question to WEBSMS covers.</summary>
internal enum UpstreamScope
{
    /// <summary>One rented number.</summary>
    Number,

    /// <summary>All numbers of the account; single numbers are served from that.</summary>
    Account,
}
