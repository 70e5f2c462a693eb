using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>Sends an answer: whole, in part, slowly, or not at all.</summary>
internal static class AnswerSender
{
    // The number of parts per second in which a slow answer is sent.
    private const int PartsPerSecond = 10;

    public static async Task SendAsync(
        HttpContext context, FeedbackAnswer answer, PlannedCall call, TimeProvider clock, RequestLog.Entry entry)
    {
        var reset = call.Find(FaultKind.Reset);
        if (reset is { AtByte: null, AtFraction: null })
        {
            entry.Answering(null, "reset", 0);
            context.Abort();
            return;
        }

        var cut = reset ?? call.Find(FaultKind.Truncate);
        var transport = call.Behaviour.Transport;
        var length = transport == Transport.ContentLength || cut is not null ? answer.Length() : 0;
        var sent = cut is null ? long.MaxValue : BytesBefore(cut, length);
        var outcome = reset is not null ? "reset" : cut is not null ? "truncate" : answer.Outcome;
        entry.Answering(answer.Status, outcome, answer.Records);

        var breaksOff = reset is not null || cut is { AnnounceWhole: true };
        var drip = call.Find(FaultKind.Drip);
        var parts = Parts(answer.Blocks, sent, drip);
        var pause = drip is null ? TimeSpan.Zero : TimeSpan.FromSeconds((double)PartLength(drip) / drip.BytesPerSecond!.Value);
        if (transport == Transport.Close || breaksOff)
        {
            var connection = new RawConnection(context);
            await connection.WriteHeadAsync(answer, transport, length);
            await WriteAsync(part => connection.WriteAsync(part, transport));
            await connection.EndAsync(isReset: reset is not null);
            return;
        }

        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.Headers.Location = answer.Location;
        response.Headers.RetryAfter = answer.RetryAfter?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (!AllowsBody(answer.Status))
        {
            return;
        }

        if (transport == Transport.ContentLength)
        {
            response.ContentLength = Math.Min(sent, length);
        }

        await response.StartAsync(context.RequestAborted);
        await WriteAsync(part => response.Body.WriteAsync(part, context.RequestAborted).AsTask());

        async Task WriteAsync(Func<ReadOnlyMemory<byte>, Task> write)
        {
            var isFirst = true;
            foreach (var part in parts)
            {
                if (drip is not null && !isFirst)
                {
                    await Task.Delay(pause, clock, context.RequestAborted);
                }

                isFirst = false;
                entry.Sending(part.Length);
                await write(part);
            }
        }
    }

    private static bool AllowsBody(int status) => status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    private static long BytesBefore(SimulatorFault cut, long length)
    {
        var at = cut.AtByte ?? (long)(cut.AtFraction!.Value * length);
        return Math.Clamp(at < 0 ? length + at : at, 0, length);
    }

    private static int PartLength(SimulatorFault drip) => Math.Max(1, drip.BytesPerSecond!.Value / PartsPerSecond);

    private static IEnumerable<ReadOnlyMemory<byte>> Parts(IEnumerable<byte[]> blocks, long limit, SimulatorFault? drip)
    {
        foreach (var block in blocks)
        {
            if (limit <= 0)
            {
                yield break;
            }

            var rest = block.AsMemory(0, (int)Math.Min(block.Length, limit));
            limit -= rest.Length;
            while (rest.Length > 0)
            {
                var part = rest[..Math.Min(rest.Length, drip is null ? rest.Length : PartLength(drip))];
                rest = rest[part.Length..];
                yield return part;
            }
        }
    }
}
