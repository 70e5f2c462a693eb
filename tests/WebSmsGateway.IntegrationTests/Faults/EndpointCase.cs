using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>
/// An endpoint whose answer ends. Each has its own scope, so that none uses the answer to the question of another.
/// </summary>
/// <param name="Number">The rented number that WEBSMS is asked about; null for all.</param>
/// <param name="Path">The path of the request.</param>
/// <param name="Accept">The media type.</param>
/// <param name="WithoutMessages">The status if WEBSMS has no messages.</param>
internal sealed record EndpointCase(string? Number, string Path, string Accept = "application/json", int WithoutMessages = 200)
{
    public const string StreamNumber = "79020000008";

    /// <summary>The key of ids, so that a message has the same id in all cases.</summary>
    public const string IdKey = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    /// <summary>A number whose pages are cached before the fault.</summary>
    public const string KnownNumber = "79020000009";

    public const string Text = "Код 4711, «ёлка»";

    public bool IsWait => Path.Contains("wait=", StringComparison.Ordinal);

    private const string Today = "from=2024-05-14";

    /// <summary>All endpoints except the stream, which does not end.</summary>
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

    /// <summary>Adds one message of this morning for every number, and one of yesterday for the number with cached pages.</summary>
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
