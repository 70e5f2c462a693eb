using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>
/// An endpoint that gives an answer and ends, each with a scope of its own, so that none profits from another's question.
/// </summary>
/// <param name="Number">The rented number that WEBSMS is asked about; null: all.</param>
/// <param name="Path">What is asked for.</param>
/// <param name="Accept">The media type.</param>
/// <param name="WithoutMessages">The status where WEBSMS has nothing.</param>
internal sealed record EndpointCase(string? Number, string Path, string Accept = "application/json", int WithoutMessages = 200)
{
    public const string StreamNumber = "79020000008";

    /// <summary>A number whose pages are known before the fault.</summary>
    public const string KnownNumber = "79020000009";

    public const string Text = "Код 4711, «ёлка»";

    public bool IsWait => Path.Contains("wait=", StringComparison.Ordinal);

    private const string Today = "from=2024-05-14";

    /// <summary>All of them but the stream, which does not end.</summary>
    /// <param name="id">The id of the message that <see cref="Receive"/> adds for a number.</param>
    public static IReadOnlyList<EndpointCase> All(Func<string, string> id) =>
    [
        Of("79020000001", $"messages?{Today}"),
        Of("79020000002", $"messages/{id("79020000002")}", withoutMessages: 404),
        Of("79020000003", $"messages?{Today}", "text/csv"),
        Of("79020000004", $"messages?{Today}", "application/x-ndjson"),
        Of("79020000005", $"messages?{Today}&order=asc&wait=1"),
        new(null, $"/messages?{Today}"),
        new(null, $"/rented-numbers?{Today}"),
    ];

    /// <summary>Gives every number one message of this morning, and the known one another of yesterday.</summary>
    public static void Receive(SimulatedAccount account)
    {
        for (var last = 1; last <= 9; last++)
        {
            account.AddMessages(MessageTo($"7902000000{last}", "2024-05-14T07:00:00"));
        }

        account.AddMessages(MessageTo(KnownNumber, "2024-05-13T07:00:00"));
    }

    public static SimulatorMessage MessageTo(string number, string localTime) => new(number, "79161234567", Text)
    {
        LocalTime = DateTime.Parse(localTime, System.Globalization.CultureInfo.InvariantCulture),
    };

    public override string ToString() => $"{Path} ({Accept})";

    private static EndpointCase Of(string number, string rest, string accept = "application/json", int withoutMessages = 200) =>
        new(number, $"/rented-numbers/{number}/{rest}", accept, withoutMessages);
}
