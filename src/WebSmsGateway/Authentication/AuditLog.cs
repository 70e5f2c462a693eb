using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>Logs which caller read which messages. Each read is one line without texts and full numbers.</summary>
internal sealed partial class AuditLog(TimeProvider clock, ILogger<AuditLog> logger)
{
    public void Read(Caller caller, MessageQuery query, int count) =>
        Read(caller, query.Number, query.Range.From, query.Range.To ?? clock.GetUtcNow(), count);

    /// <param name="caller">The caller.</param>
    /// <param name="number">The rented number; null for all numbers that the caller may read.</param>
    /// <param name="from">The first moment, inclusive.</param>
    /// <param name="to">The last moment, exclusive.</param>
    /// <param name="count">The number of messages given.</param>
    public void Read(Caller caller, RentedNumber? number, DateTimeOffset from, DateTimeOffset to, int count)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.Read(logger, caller.AuditName, number?.Masked ?? "all its numbers", from, to, count);
        }
    }

    /// <summary>A caller made a ticket.</summary>
    public void MadeTicket(Caller maker, Ticket ticket)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.MadeTicket(logger, maker.Name, ticket.Id, ticket.Numbers.IsAll ? "all" : $"{ticket.Numbers.Count}", ticket.Fields, ticket.Expires);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Information, Message = "{Caller} read {Count} messages of {Number} from {From:O} to {To:O}")]
        public static partial void Read(ILogger logger, string caller, string number, DateTimeOffset from, DateTimeOffset to, int count);

        [LoggerMessage(
            EventId = 2, Level = LogLevel.Information,
            Message = "{Caller} made ticket {Ticket} for {Numbers} numbers and {Fields} fields until {Until:O}")]
        public static partial void MadeTicket(
            ILogger logger, string caller, string ticket, string numbers, MessageFields fields, DateTimeOffset until);
    }
}
