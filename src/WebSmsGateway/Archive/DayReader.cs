using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>For whom days are read.</summary>
/// <param name="Callers">The callers who wait for them. Their turns decide when WEBSMS is asked.</param>
internal sealed record DayReader(IReadOnlyList<string> Callers)
{
    /// <summary>The number whose messages are wanted; null for all of <see cref="Numbers"/>.</summary>
    public RentedNumber? Number { get; init; }

    /// <summary>The numbers whose messages are wanted; null if the records are wanted whole.</summary>
    public NumberSet? Numbers { get; init; }

    /// <summary>The gateway itself.</summary>
    public static readonly DayReader Gateway = new([Askers.Gateway]);

    public static DayReader Of(MessageQuery query) => new([query.Owner]) { Number = query.Number, Numbers = query.Numbers };

    /// <summary>Whether a day with these counts has a message for the reader.</summary>
    public bool Wants(NumberCounts counts) => Numbers is null || counts.HasAny(Number, Numbers);
}
