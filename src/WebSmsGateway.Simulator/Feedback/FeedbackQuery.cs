using System.Globalization;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>The parameters of a call, from the query string or a posted form. The form wins over the query string.</summary>
internal sealed class FeedbackQuery
{
    private const string PasswordName = "http_password";
    private static readonly string[] DateFormats = ["dd.MM.yyyy HH:mm:ss", "dd.MM.yyyy H:mm:ss", "dd.MM.yyyy"];

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    public string? Username => Value("http_username");

    public string? Password => Value(PasswordName);

    public string? Start => Value("startdate");

    public string? End => Value("enddate");

    public string? TelNum => Number("telnum");

    public string? RentNum => Number("rentnum");

    public string? Format => Value("format");

    /// <summary>The raw parameters for the log, without the password.</summary>
    public IReadOnlyDictionary<string, string> Masked =>
        values.ToDictionary(pair => pair.Key, pair => IsPassword(pair.Key) ? "***" : pair.Value, StringComparer.OrdinalIgnoreCase);

    public static async Task<FeedbackQuery> ReadAsync(HttpRequest request)
    {
        var query = new FeedbackQuery();
        foreach (var (name, values) in request.Query)
        {
            query.values[name] = values.ToString();
        }

        if (request.HasFormContentType)
        {
            foreach (var (name, values) in await request.ReadFormAsync(request.HttpContext.RequestAborted))
            {
                query.values[name] = values.ToString();
            }
        }

        return query;
    }

    /// <summary>A raw parameter; empty if it is absent.</summary>
    public string Echo(string name) => values.GetValueOrDefault(name, "");

    /// <summary>The asked window, both ends inclusive; null if a date is invalid.</summary>
    public (DateTime Start, DateTime End)? Window(DateTime now)
    {
        var start = now.Date;
        var end = now;
        return (Start is null || TryRead(Start, out start)) && (End is null || TryRead(End, out end)) ? (start, end) : null;
    }

    /// <summary>How many days the asked window covers; 1 if a date is invalid.</summary>
    public int DaysAsked(DateTime now) => Window(now) is { } window ? (window.End.Date - window.Start.Date).Days + 1 : 1;

    private static bool TryRead(string text, out DateTime time) =>
        DateTime.TryParseExact(text.Trim(), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static bool IsPassword(string name) => name.Equals(PasswordName, StringComparison.OrdinalIgnoreCase);

    // WEBSMS does not distinguish an absent parameter from an empty one.
    private string? Value(string name) => values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    // An unencoded + in the query arrives as a space.
    private string? Number(string name) => Value(name)?.Trim() is { Length: > 0 } number ? SimulatedAccount.BareNumber(number) : null;
}
