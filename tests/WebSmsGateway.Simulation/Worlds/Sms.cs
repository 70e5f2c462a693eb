using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>Messages that are equal in all that WEBSMS says of them: one, or several copies of one second.</summary>
internal sealed class Sms(int index, WireRecord record, DateTimeOffset dated, int number)
{
    public int Index => index;

    public WireRecord Record => record;

    /// <summary>The moment that its date means.</summary>
    public DateTimeOffset Dated => dated;

    /// <summary>The index of its number.</summary>
    public int Number => number;

    public List<SmsCopy> Copies { get; } = [];

    /// <summary>The index that a text begins with; -1 if WEBSMS never received such a text.</summary>
    public static int IndexOf(string text) =>
        text.IndexOf(' ', StringComparison.Ordinal) is var end and > 0 && int.TryParse(text.AsSpan(0, end), out var index) ? index : -1;

    public int CopiesReportedBy(TimeSpan moment)
    {
        var count = 0;
        foreach (var copy in Copies)
        {
            count += copy.ReportedAt <= moment ? 1 : 0;
        }

        return count;
    }

    public override string ToString() =>
        $"'{record.Message}' dated {record.Date:dd HH:mm:ss}"
        + string.Concat(Copies.Select(copy => copy.IsPrompt ? "" : $", reported {copy.ReportedAt - copy.ReceivedAt:c} late"));
}

/// <summary>One copy of a message: when WEBSMS received it, and from when on its answers have it.</summary>
internal sealed class SmsCopy(TimeSpan receivedAt, TimeSpan reportedAt)
{
    public TimeSpan ReceivedAt => receivedAt;

    public TimeSpan ReportedAt => reportedAt;

    public bool IsPrompt => ReportedAt == ReceivedAt;

    /// <summary>When an answer first lacked the copy although it was reported.</summary>
    public TimeSpan? LackedSince { get; set; }

    /// <summary>Whether answers at least a minute apart lacked it, so that it may disappear from pages.</summary>
    public bool MayDisappear { get; set; }
}
