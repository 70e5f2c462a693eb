using WebSmsGateway.Authentication;
using WebSmsGateway.Budgets;
using WebSmsGateway.Errors;

namespace WebSmsGateway.Http;

/// <summary>
/// Sends the bytes of answers to callers who may read slowly or not at all. The server copies a whole write before it pauses, so a body goes
/// in slices. What a body keeps in memory until it is sent is charged to its caller, and a caller who takes nothing for a while is cut off.
/// </summary>
internal sealed class AnswerSender(BudgetTable budgets, TimeProvider clock)
{
    /// <summary>The largest part that is written at once. A body up to this size belongs to the memory of its connection.</summary>
    public const int SliceBytes = 16 * 1024;

    /// <summary>
    /// A body up to this size is written at once, because a second write costs more than what it saves. The server's own buffer takes as much
    /// before it pauses.
    /// </summary>
    public const int WholeBytes = 24 * 1024;

    /// <summary>The time that a caller has to take a slice.</summary>
    public static readonly TimeSpan SliceTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The time that a caller has to take a whole answer, except a download.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    /// <summary>What a caller is told whose answers take up all the room that there is.</summary>
    public const string Unread = "There is no room for another answer until those before it have been read.";

    private readonly Budget unsent = budgets.Of(BudgetPart.Unsent);

    /// <summary>
    /// Whether there is room for an answer of this caller. It is asked before anything is read, so that a caller whose answers are all unread
    /// costs no more reads.
    /// </summary>
    public ChargeOutcome Check(HttpContext context)
    {
        if (unsent.Used + SliceBytes <= unsent.Share)
        {
            return ChargeOutcome.Granted;
        }

        var outcome = unsent.TryCharge(context.GetOwner(), SliceBytes, out var charge);
        charge?.Dispose();
        return outcome;
    }

    /// <summary>Charges what an answer keeps in memory to the caller of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytes">The bytes. Up to a slice they belong to the memory of the connection, and there is no charge.</param>
    /// <param name="charge">The charge, which the caller has to dispose; null where there is none.</param>
    public ChargeOutcome TryCharge(HttpContext context, long bytes, out Charge? charge)
    {
        charge = null;
        return bytes <= SliceBytes ? ChargeOutcome.Granted : unsent.TryCharge(context.GetOwner(), bytes, out charge);
    }

    /// <summary>Sends a body whose headers are set. A caller without room for it gets the problem instead.</summary>
    public async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var outcome = TryCharge(context, body.Length, out var charge);
        if (outcome != ChargeOutcome.Granted)
        {
            await ProblemResult.OfBudget(outcome, Unread).ExecuteAsync(context);
            return;
        }

        using (charge)
        {
            context.Response.ContentLength = body.Length;
            var writing = Begin(context);
            _ = body.Length <= WholeBytes ? await writing.WriteSliceAsync(body) : await writing.WriteAsync(body);
        }
    }

    /// <summary>Begins an answer that has to be taken within <see cref="AnswerTimeout"/>.</summary>
    public AnswerWriting Begin(HttpContext context) => new(context, clock, AnswerTimeout);

    /// <summary>Begins an answer that may take any time as long as it advances.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stalled">Is called when a write has waited for a second.</param>
    public AnswerWriting BeginLong(HttpContext context, Action stalled) => new(context, clock, Timeout.InfiniteTimeSpan, stalled);
}
