using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>Who read which messages: one line for each read, without texts and full numbers.</summary>
internal sealed partial class AuditLog(TimeProvider clock, ILogger<AuditLog> logger)
{
    /// <param name="caller">Who read.</param>
    /// <param name="query">What was asked for.</param>
    /// <param name="count">Messages given.</param>
    public void Read(Caller caller, MessageQuery query, int count) =>
        Read(caller, query.Number, query.Range.From, query.Range.To ?? clock.GetUtcNow(), count);

    /// <param name="caller">Who read.</param>
    /// <param name="number">The rented number; null for all that the caller may read.</param>
    /// <param name="from">First moment, inclusive.</param>
    /// <param name="to">Last moment, exclusive.</param>
    /// <param name="count">Messages given.</param>
    public void Read(Caller caller, RentedNumber? number, DateTimeOffset from, DateTimeOffset to, int count)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.Read(logger, caller.Name, number?.Masked ?? "all its numbers", from, to, count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Information, Message = "{Caller} read {Count} messages of {Number} from {From:O} to {To:O}")]
        public static partial void Read(ILogger logger, string caller, string number, DateTimeOffset from, DateTimeOffset to, int count);
    }
}
