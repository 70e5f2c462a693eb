using System.Text;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>
/// An answer. Its blocks are written on demand, and may be read twice: once to count their bytes and once to send them. So even the
/// longest answer is never in memory as a whole.
/// </summary>
internal sealed record FeedbackAnswer(int Status, string ContentType, string Outcome, int Records, IEnumerable<byte[]> Blocks)
{
    private const int BlockLength = 16 * 1024;
    private const string ErrorPage =
        "\n <font face=\"Arial\" size=2>\n<p>Microsoft OLE DB Provider for SQL Server</font> <font face=\"Arial\" size=2>error '80040e31'</font>\n"
        + "<p>\n<font face=\"Arial\" size=2>Timeout expired</font>\n<p>\n<font face=\"Arial\" size=2>/http_feedback.asp</font>";

    private const string Latin = "text/html; charset=utf-8";

    public string? Location { get; init; }

    public int? RetryAfter { get; init; }

    public static FeedbackAnswer OfRecords(FeedbackWriter writer, CharsetVariant charset, IEnumerable<StoredMessage> messages, int count) =>
        new(StatusCodes.Status200OK, ContentTypeOf(writer, charset), "records", count, Render(writer, charset, messages, isBroken: false));

    /// <summary>Records with the error page of the script behind them.</summary>
    public static FeedbackAnswer OfBrokenScript(FeedbackWriter writer, CharsetVariant charset, IReadOnlyList<StoredMessage> messages) =>
        new(StatusCodes.Status200OK, ContentTypeOf(writer, charset), "errorPage", messages.Count,
            Render(writer, charset, messages, isBroken: true));

    public static FeedbackAnswer OfError(FeedbackWriter writer, CharsetVariant charset, FeedbackError error)
    {
        var text = new StringBuilder();
        text.Append(writer.Before);
        writer.Error(text, error);
        text.Append(writer.Behind);
        return new(
            StatusCodes.Status200OK, ContentTypeOf(writer, charset), $"error {error.Number}", 0,
            [Bytes(charset, text.ToString(), isFirst: true)]);
    }

    /// <summary>The answer with which a fault replaces the correct one; null for faults that do not replace it.</summary>
    public static FeedbackAnswer? OfFault(SimulatorFault fault, HttpRequest request) => fault.Kind switch
    {
        FaultKind.Status => Page(fault.Status!.Value, "status",
            $"Error {fault.Status}{(fault.EchoQuery ? $" in {request.Path}{request.QueryString} {FormOf(request)}" : "")}") with
        {
            RetryAfter = fault.RetryAfter,
        },
        FaultKind.Redirect => Page(
            fault.Status ?? StatusCodes.Status302Found, "redirect", "Object moved") with
        { Location = fault.Location },
        FaultKind.Html => Page(StatusCodes.Status200OK, "html", "Технические работы. Сервис временно недоступен."),
        FaultKind.Garbage => new(StatusCodes.Status200OK, "text/plain", "garbage", 0, [Noise(fault.Bytes ?? 1000)]),
        FaultKind.Empty => new(StatusCodes.Status200OK, "text/plain", "empty", 0, []),
        _ => null,
    };

    private static string FormOf(HttpRequest request) =>
        request.HasFormContentType ? string.Join('&', request.Form.Select(field => $"{field.Key}={field.Value}")) : "";

    public long Length() => Blocks.Sum(block => (long)block.Length);

    private static FeedbackAnswer Page(int status, string outcome, string text) =>
        new(status, Latin, outcome, 0,
            [Encoding.UTF8.GetBytes($"<!DOCTYPE html>\n<html><head><title>WEBSMS</title></head><body><p>{text}</p></body></html>\n")]);

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static string ContentTypeOf(FeedbackWriter writer, CharsetVariant charset)
    {
        var declared = AnswerCharset.DeclaredName(charset);
        return (charset.MediaType ?? writer.MediaType) + (declared.Length == 0 ? "" : $"; charset={declared}");
    }

    private static IEnumerable<byte[]> Render(
        FeedbackWriter writer, CharsetVariant charset, IEnumerable<StoredMessage> messages, bool isBroken)
    {
        var text = new StringBuilder();
        var position = 0;
        var isFirst = true;
        text.Append(writer.Before);
        writer.Begin(text);
        foreach (var message in messages)
        {
            writer.Record(text, message, ++position);
            if (text.Length >= BlockLength)
            {
                yield return Bytes(charset, text.ToString(), isFirst);
                isFirst = false;
                text.Clear();
            }
        }

        if (isBroken)
        {
            text.Append(ErrorPage);
        }
        else
        {
            writer.End(text);
            text.Append(writer.Behind);
        }

        if (text.Length > 0)
        {
            yield return Bytes(charset, text.ToString(), isFirst);
        }
    }

    private static byte[] Bytes(CharsetVariant charset, string text, bool isFirst)
    {
        var bytes = AnswerCharset.Of(charset).GetBytes(text);
        return isFirst && charset.ByteOrderMark ? [.. Encoding.UTF8.Preamble, .. bytes] : bytes;
    }
}
