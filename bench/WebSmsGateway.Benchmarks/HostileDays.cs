using System.Globalization;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.Benchmarks;

/// <summary>The messages of the account in the hostile run: a month of usual days, and before it some about which WEBSMS answers with megabytes.</summary>
/// <param name="First">The first day of the month.</param>
internal sealed record HostileDays(DateOnly First)
{
    /// <summary>How many large days there are: the tenth day before the month, the twentieth and so on.</summary>
    public const int Large = 3;

    private const int MessagesOfMonth = 60_000;
    private const int MessagesOfLargeDay = 25_000;
    private const int MessagesOfBurst = 20_000;

    /// <summary>The days that a gateway has closed by now and may be asked about.</summary>
    public static HostileDays Before(DateTimeOffset now) => new(DateOnly.FromDateTime(now.UtcDateTime).AddDays(-60));

    public static HostileDays Parse(string text) => new(DateOnly.Parse(text, CultureInfo.InvariantCulture));

    public override string ToString() => First.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public IEnumerable<SimulatorMessage> Messages()
    {
        var month = Enumerable.Range(0, MessagesOfMonth).Select(i => MessageAt(i, First.ToDateTime(TimeOnly.MinValue).AddSeconds(i * 44.0)));
        var large = from number in Enumerable.Range(1, Large)
                    from i in Enumerable.Range(0, MessagesOfLargeDay)
                    select MessageAt(i, First.AddDays(-10 * number).ToDateTime(TimeOnly.MinValue).AddSeconds(i * 3.0));
        return month.Concat(large);
    }

    /// <summary>Many messages of this moment.</summary>
    public static IEnumerable<SimulatorMessage> Burst() => Enumerable.Range(0, MessagesOfBurst).Select(i => MessageAt(i, null));

    private static SimulatorMessage MessageAt(int i, DateTime? time) =>
        new($"7902{i % 50:0000000}", "Sberbank", $"Ваш код {i:000000}. Никому его не сообщайте, даже сотрудникам банка.") { LocalTime = time };
}
