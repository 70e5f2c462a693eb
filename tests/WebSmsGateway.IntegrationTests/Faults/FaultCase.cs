using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>A fault of WEBSMS and the answer that callers get.</summary>
/// <param name="Behaviour">What WEBSMS does.</param>
/// <param name="Status">The status of every endpoint.</param>
/// <param name="Code">The code of the problem; null for a normal answer.</param>
/// <param name="Calls">Calls to WEBSMS for a request without a cached answer, retries included.</param>
internal sealed record FaultCase(SimulatorBehaviour Behaviour, int Status, string? Code, int Calls)
{
    /// <summary>Further attempts after a network fault.</summary>
    public const int Retries = 1;

    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    /// <summary>Much shorter than the timeouts of the clients, and much longer than a request may take.</summary>
    public static readonly TimeSpan Bound = ((Timeout * 2) + TimeSpan.FromSeconds(1)) * 3;

    private const int Once = 1;
    private const int Retried = 1 + Retries;

    // A day that is too long is asked for in halves, as long as the earlier half is too long as well.
    private const int InParts = 4;

    public static IReadOnlyDictionary<string, FaultCase> All { get; } = new Dictionary<string, FaultCase>
    {
        ["delayed"] = new(With(SimulatorFault.Delay(TimeSpan.FromSeconds(20))), 504, "upstream-timeout", Retried),
        ["hanging"] = new(With(SimulatorFault.Hang()), 504, "upstream-timeout", Retried),
        ["dripping"] = new(With(SimulatorFault.Drip(20)), 504, "upstream-timeout", Retried),
        ["status 500"] = new(With(SimulatorFault.StatusCode(500, echoQuery: true)), 502, "upstream-unreachable", Retried),
        ["status 503"] = new(With(SimulatorFault.StatusCode(503)), 502, "upstream-unreachable", Retried),
        ["status 401"] = new(With(SimulatorFault.StatusCode(401)), 502, "upstream-invalid-response", Once),
        ["status 404"] = new(With(SimulatorFault.StatusCode(404)), 502, "upstream-invalid-response", Once),
        ["status 429"] = new(With(SimulatorFault.StatusCode(429)), 502, "upstream-invalid-response", Once),
        ["reset before the answer"] = new(With(SimulatorFault.Reset()), 502, "upstream-unreachable", Retried),
        ["reset within the body"] = new(With(SimulatorFault.Reset(40)), 502, "upstream-invalid-response", Retried),
        ["cut short of its length"] = new(
            With(SimulatorFault.Truncate(60, announceWhole: true)), 502, "upstream-invalid-response", Retried),
        ["cut and framed as whole"] = new(With(SimulatorFault.Truncate(60)), 502, "upstream-invalid-response", Retried),
        ["cut with no length told"] = new(
            With(SimulatorFault.Truncate(60)) with { Transport = Transport.Close }, 502, "upstream-invalid-response", Retried),
        ["html"] = new(With(SimulatorFault.Html()), 502, "upstream-invalid-response", Once),
        ["garbage"] = new(With(SimulatorFault.Garbage()), 502, "upstream-invalid-response", Once),
        ["empty"] = new(With(SimulatorFault.Empty()), 502, "upstream-invalid-response", Once),
        ["too long by its length"] = new(With(SimulatorFault.Huge(6)), 502, "upstream-invalid-response", InParts),
        ["300 MB"] = new(
            With(SimulatorFault.Huge(300)) with { Transport = Transport.Chunked }, 502, "upstream-invalid-response", InParts),
        ["redirect"] = new(With(SimulatorFault.Redirect("/http_feedback.asp?elsewhere=1")), 502, "upstream-invalid-response", Once),
        ["error 1"] = new(With(SimulatorFault.Error(1)), 502, "upstream-credentials-missing", Once),
        ["error 2"] = new(With(SimulatorFault.Error(2)), 502, "upstream-credentials-rejected", Once),
        ["error 3"] = new(With(SimulatorFault.Error(3)), 400, "upstream-invalid-date", Once),
        ["error 4"] = new(With(SimulatorFault.Error(4)), 200, null, Once),
        ["error 9"] = new(With(SimulatorFault.Error(9)), 502, "upstream-error", Once),
        ["windows-1251 said to be utf-8"] = new(Charset(WireCharset.Windows1251, "utf-8"), 200, null, Once),
        ["utf-8 said to be windows-1251"] = new(Charset(WireCharset.Utf8, "windows-1251"), 200, null, Once),
    };

    private static SimulatorBehaviour With(SimulatorFault fault) => new() { Faults = [fault] };

    private static SimulatorBehaviour Charset(WireCharset charset, string declared) =>
        new() { Charset = new CharsetVariant { Name = charset, Declared = declared } };
}
