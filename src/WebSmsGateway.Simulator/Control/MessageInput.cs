using System.Globalization;
using System.Text.Json;

namespace WebSmsGateway.Simulator.Control;

/// <summary>A message in the body of <c>POST /simulator/messages</c>.</summary>
internal sealed record MessageInput
{
    private const int LongestNumber = 15;
    private const string Example = "2013-03-11T12:09:01+04:00, or 2013-03-11T12:09:01 by the account's wall clock";

    private static readonly string[] LocalFormats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];
    private static readonly string[] MomentFormats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public string? Account { get; init; }

    public string? RentedNumber { get; init; }

    public string? Sender { get; init; }

    public string? Text { get; init; }

    public string? ReceivedAt { get; init; }

    public string? ReportedAt { get; init; }

    /// <summary>One message or an array of them.</summary>
    public static IReadOnlyList<MessageInput> ReadAll(JsonElement body)
    {
        List<JsonElement> elements = body.ValueKind == JsonValueKind.Array ? [.. body.EnumerateArray()] : [body];
        return elements.TrueForAll(element => element.ValueKind == JsonValueKind.Object)
            ? [.. elements.Select(element => element.Deserialize<MessageInput>(ControlJson.Options)!)]
            : throw new BadControlException("A message must be a JSON object.");
    }

    public SimulatorMessage ToMessage()
    {
        if (RentedNumber is null || !IsNumber(SimulatedAccount.BareNumber(RentedNumber)))
        {
            throw new BadControlException("rentedNumber must be given: up to 15 digits such as 79021234567.");
        }

        var message = new SimulatorMessage(
            RentedNumber,
            Sender ?? throw new BadControlException("sender must be given: a number such as 79161234567, a short code or a name."),
            Text ?? throw new BadControlException("text must be given; it may be empty."))
        {
            ReportedAt = ReportedAt is null ? null
                : !IsLocal(ReportedAt, out _) && TryReadMoment(ReportedAt, out var reported) ? reported
                : throw new BadControlException("reportedAt must be a time such as 2013-03-11T12:09:01+04:00."),
        };
        if (ReceivedAt is null)
        {
            return message;
        }

        if (IsLocal(ReceivedAt, out var local))
        {
            return message with { LocalTime = local };
        }

        return TryReadMoment(ReceivedAt, out var moment)
            ? message with { ReceivedAt = moment }
            : throw new BadControlException($"receivedAt must be a time such as {Example}.");
    }

    // The formats of a moment take a text without an offset, too, and would read it in the zone of the machine.
    private static bool IsLocal(string text, out DateTime local) =>
        DateTime.TryParseExact(text, LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out local);

    private static bool TryReadMoment(string text, out DateTimeOffset moment) =>
        DateTimeOffset.TryParseExact(text, MomentFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out moment);

    private static bool IsNumber(string number) =>
        number.Length is > 0 and <= LongestNumber && number.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
