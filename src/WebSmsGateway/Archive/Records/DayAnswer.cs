using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Records;

/// <summary>What one answer says about one day.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Messages">Its messages of the day, within one second in the order of the list.</param>
/// <param name="Question">The question. Its window bounds what may be missing.</param>
/// <param name="IsTail">Whether only the tail of the day was asked for.</param>
/// <param name="IsFirstDay">Whether the day is the first of the answer, where records without a readable date count.</param>
/// <param name="AskedAt">When the question was sent, in the clock of the archive.</param>
/// <param name="ReceivedAt">When the answer is merged, in the same clock: no earlier than the questions of answers that were merged before it.</param>
/// <param name="Ahead">How far the clock of WEBSMS is ahead of that clock.</param>
/// <param name="KnownBefore">The last stamp when the question was sent. The answer may not know of later messages.</param>
internal readonly record struct DayAnswer(
    UpstreamAnswer Answer, List<Message> Messages, UpstreamQuestion Question, bool IsTail, bool IsFirstDay, DateTimeOffset AskedAt,
    DateTimeOffset ReceivedAt, TimeSpan Ahead, long KnownBefore);
