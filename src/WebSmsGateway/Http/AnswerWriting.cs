namespace WebSmsGateway.Http;

/// <summary>The writes of one answer, with their deadlines.</summary>
/// <param name="context">The request.</param>
/// <param name="clock">The clock.</param>
/// <param name="timeout">The time of all writes together.</param>
/// <param name="stalled">Is called when a write has waited for a second; null for nothing.</param>
internal readonly struct AnswerWriting(HttpContext context, TimeProvider clock, TimeSpan timeout, Action? stalled = null)
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(1);

    private readonly long started = clock.GetTimestamp();

    /// <summary>Writes a body in slices.</summary>
    /// <returns>False if the caller was too slow and its connection was cut.</returns>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> body)
    {
        while (body.Length > AnswerSender.SliceBytes)
        {
            if (!await WriteSliceAsync(body[..AnswerSender.SliceBytes]))
            {
                return false;
            }

            body = body[AnswerSender.SliceBytes..];
        }

        return await WriteSliceAsync(body);
    }

    /// <summary>Writes a part at once and waits until the server has room for the next one.</summary>
    /// <inheritdoc cref="WriteAsync" path="/returns"/>
    public ValueTask<bool> WriteSliceAsync(ReadOnlyMemory<byte> slice)
    {
        var write = context.Response.Body.WriteAsync(slice, context.RequestAborted);
        return write.IsCompletedSuccessfully ? ValueTask.FromResult(true) : new ValueTask<bool>(EndAsync(write.AsTask()));
    }

    private async Task<bool> EndAsync(Task write)
    {
        try
        {
            if (stalled is not null)
            {
                await write.WaitAsync(Stall, clock, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!write.IsCompleted)
                {
                    stalled();
                }
            }

            await write.WaitAsync(TimeLeft(), clock, context.RequestAborted);
            return true;
        }
        catch (TimeoutException)
        {
            context.Abort();
            return false;
        }
    }

    private TimeSpan TimeLeft()
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return AnswerSender.SliceTimeout;
        }

        var left = timeout - clock.GetElapsedTime(started);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < AnswerSender.SliceTimeout ? left : AnswerSender.SliceTimeout;
    }
}
