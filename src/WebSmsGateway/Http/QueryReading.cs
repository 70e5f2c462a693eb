using System.Globalization;
using FluentValidation;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Budgets;
using WebSmsGateway.Model;

namespace WebSmsGateway.Http;

/// <summary>The rules by which queries are read.</summary>
internal sealed class QueryRules(AccountZone zone, CursorCodec cursors, TimeProvider clock, IOptions<LimitsOptions> limits)
{
    private readonly TimeSpan maxRange = limits.Value.MaxRange;

    /// <summary>Begins to read a query. Faults go to the context under the names of the request's properties.</summary>
    public QueryReading Begin<TRequest>(ValidationContext<TRequest> context) =>
        new(context.AddFailure, context.CallerOfQuery(), zone, cursors, clock.GetUtcNow(), maxRange);
}

/// <summary>
/// Reads the parameters of one query. Each is parsed once, all faults are reported together, and every message shows what is accepted.
/// The results are unusable if <see cref="HasFaults"/> is true.
/// </summary>
internal sealed class QueryReading(
    Action<string, string> addFault, QueryCaller caller, AccountZone zone, CursorCodec cursors, DateTimeOffset now, TimeSpan maxRange)
{
    /// <summary>The word in place of a cursor that asks only for messages that arrive from now on.</summary>
    public const string Now = "now";

    // Many proxies give up after 60 seconds.
    private const double LongestWait = 58;
    private const int MaxTextLength = 1000;

    private DateTimeOffset? from;
    private DateTimeOffset? to;
    private TimeRange? range;
    private bool isRangeReadable = true;

    public bool HasFaults { get; private set; }

    /// <summary>Whether the caller may read texts, and so may search them.</summary>
    public bool MayReadTexts => caller.Fields == MessageFields.All;

    /// <summary>The start of the account's present day.</summary>
    public DateTimeOffset Today => zone.StartOf(zone.DayOf(now));

    private string MaxRangeInWords => maxRange.TotalDays >= 1 ? $"{maxRange.TotalDays:0.##} days" : $"{maxRange.TotalHours:0.##} hours";

    /// <summary>Reads <c>from</c> and <c>to</c>.</summary>
    /// <param name="fromText">The text of <c>from</c>.</param>
    /// <param name="toText">The text of <c>to</c>.</param>
    /// <param name="defaultFrom">The start for a query without <c>from</c>, and its name in messages.</param>
    /// <param name="isContinued">Whether a cursor continues the query, so that its start is not checked again.</param>
    public TimeRange Range(string? fromText, string? toText, (DateTimeOffset Moment, string InWords) defaultFrom, bool isContinued = false)
    {
        var (start, end) = (Moment("From", fromText), Moment("To", toText));
        (from, to) = (start?.Start, end?.End);
        var first = from ?? defaultFrom.Moment;
        var isAfter = end is { } last && (first > last.End || (first == last.End && first > last.Start));
        var isTooLong = !isContinued && IsTooLong(first);
        if (from > now)
        {
            Fault("From", $"lies in the future; write a moment until now, for example {zone.DayOf(now):yyyy-MM-dd}");
        }
        else if (from is not null && isAfter)
        {
            Fault("From", "is after to; write the earlier moment as from, for example from=2026-03-11&to=2026-03-12");
        }
        else if (from is not null && isTooLong)
        {
            Fault("From", $"makes the range longer than {MaxRangeInWords}; ask in parts");
        }
        else if (fromText is null && to is { } until && !isContinued && (isAfter || isTooLong))
        {
            Fault("To", isAfter
                ? $"is before from, which is {defaultFrom.InWords} unless given; "
                    + $"write from too, for example from={zone.DayOf(until.AddTicks(-1)):yyyy-MM-dd}"
                : $"makes the range longer than {MaxRangeInWords}; write an earlier end, or none for now");
        }

        range = new TimeRange(first, to);
        return range.Value;
    }

    public Sender? Sender(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!Model.Sender.TryParse(text, out var sender))
        {
            Fault("Sender", Model.Sender.Accepted);
        }

        return sender;
    }

    public string? Contains(string? text)
    {
        if (text is not (null or { Length: >= 1 and <= MaxTextLength }))
        {
            Fault("Contains", "write the text to find, 1 to 1000 characters, for example код");
        }
        else if (text is not null && !MayReadTexts)
        {
            // By asking for words one after the other a text could be found.
            Fault("Contains", "is not for this key: it reads codes and no texts");
        }

        return text;
    }

    /// <summary>Reads <c>order</c>. The result is true for ascending.</summary>
    public bool Order(string? text)
    {
        var isAscending = "asc".Equals(text, StringComparison.OrdinalIgnoreCase);
        if (text is not null && !isAscending && !"desc".Equals(text, StringComparison.OrdinalIgnoreCase))
        {
            Fault("Order", "accepted are desc (newest first) and asc (oldest first)");
        }

        return isAscending;
    }

    public int? Limit(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, null, out var limit) || limit is < 1 or > MessageQuery.MaxLimit)
        {
            Fault("Limit", $"accepted is a whole number from 1 to {MessageQuery.MaxLimit}, for example 100");
        }

        return limit;
    }

    /// <summary>Reads <c>wait</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isOpen">Whether the query is ascending and has no end.</param>
    public TimeSpan Wait(string? text, bool isOpen)
    {
        if (text is null)
        {
            return TimeSpan.Zero;
        }

        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || seconds is not (>= 0 and <= MessageQuery.MaxWaitSeconds))
        {
            Fault("Wait", $"accepted are 0 to {MessageQuery.MaxWaitSeconds} seconds, for example 30");
            return TimeSpan.Zero;
        }

        if (seconds > 0 && !isOpen)
        {
            Fault("Wait", "goes with order=asc and without to: it holds the answer until something new is there");
        }

        return TimeSpan.FromSeconds(Math.Min(seconds, LongestWait));
    }

    /// <summary>Makes the query of the first page.</summary>
    public MessageQuery Query(Sender? sender, string? contains, bool ascending, CodeFilter? code = null) => new()
    {
        Number = caller.Number,
        Numbers = caller.Numbers,
        Owner = caller.Owner,
        Range = range ?? new TimeRange(Today, null),
        Start = ascending ? range?.From ?? Today : null,
        Sender = sender,
        Contains = contains,
        Code = code,
        Fields = caller.Fields,
        Ascending = ascending,
        Fingerprint = MessageQuery.FingerprintOf(caller.Number, from, to, sender, contains, ascending, code),
    };

    /// <summary>The query for messages that arrive from now on.</summary>
    public MessageQuery FromHereOn(MessageQuery query) =>
        query with { FromNow = true, Start = from, Range = query.Range with { From = from ?? now } };

    /// <summary>The query continued after a cursor.</summary>
    /// <param name="query">The query.</param>
    /// <param name="text">The text of the cursor.</param>
    /// <param name="name">The name of its parameter.</param>
    /// <param name="ofAnyRange">Whether the cursor may come from the same query with another range.</param>
    /// <param name="accepted">The ends of the messages for a damaged cursor, one of another query and one that is too old.</param>
    public MessageQuery After(
        MessageQuery query, string text, string name, bool ofAnyRange, (string Damaged, string Foreign, string TooOld) accepted)
    {
        if (cursors.Decode(text) is not { } cursor)
        {
            Fault(name, $"is damaged; {accepted.Damaged}");
            return query;
        }

        if (query.Ascending && cursor.State == WalkState.Descending)
        {
            cursor = EarlierCursor.Ascending(cursor, from, zone);
        }

        cursor = cursor.For(query, from);

        // A cursor depends on the range, so it cannot be checked against an unreadable range.
        var shift = ofAnyRange ? 32 : 0;
        if (isRangeReadable && cursor.Query >> shift != query.Fingerprint >> shift)
        {
            Fault(name, $"belongs to another query; {accepted.Foreign}");
        }
        else if (isRangeReadable && IsTooLong(cursor.Reach))
        {
            Fault(name, $"stands more than {MaxRangeInWords} back; {accepted.TooOld}");
        }

        return query with { Cursor = cursor, Range = query.Range with { From = from ?? cursor.Start ?? cursor.Reach } };
    }

    public void Fault(string name, string message)
    {
        HasFaults = true;
        addFault(name, message);
    }

    private bool IsTooLong(DateTimeOffset first) => (to ?? now) - first > maxRange;

    private QueryMoment? Moment(string name, string? text)
    {
        if (text is null)
        {
            return null;
        }

        var moment = QueryMoment.Parse(text, zone, out var fault);
        if (fault is not null)
        {
            isRangeReadable = false;
            Fault(name, fault);
        }

        return moment;
    }
}
