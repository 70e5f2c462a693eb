using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>
/// A whole range as a download. It is written in parts as the archive reads them, so its memory does not grow with the range. It counts as a
/// long request, and what it holds is charged to its caller. If WEBSMS fails before the first message, the answer is a problem. If it fails later, the connection is cut, because a download that ended
/// early must not look complete.
/// </summary>
internal sealed partial class DownloadResult(MessageQuery query, AnswerFormat format, PageServices services, ProblemResult? ofNoRecords)
    : IResult
{
    // A part of messages, what is written of it, and what waits in the server.
    private const int HeldBytes = Download.PartBytes + (2 * AnswerSender.SliceBytes);

    private bool isStarted;
    private int count;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (!services.LongRequests.TryEnter(httpContext.GetCaller(), out var lease))
        {
            await ProblemResult.Of(ProblemCode.RateLimited, "You have as many waits, streams and downloads open as you may.")
                .ExecuteAsync(httpContext);
            return;
        }

        using (lease)
        {
            var outcome = services.Sender.TryCharge(httpContext, HeldBytes, out var charge);
            if (charge is null)
            {
                await ProblemResult.OfBudget(outcome, AnswerSender.Unread).ExecuteAsync(httpContext);
                return;
            }

            using (charge)
            {
                await WriteAsync(httpContext, new DaysAtHand(charge));
            }
        }
    }

    private async Task WriteAsync(HttpContext context, DaysAtHand held)
    {
        try
        {
            await WriteAsync(context, held, context.RequestAborted);
        }
        finally
        {
            // The audit log also has downloads that ended early.
            if (isStarted)
            {
                services.Audit.Read(context.GetCaller(), query, count);
            }
        }
    }

    private async Task WriteAsync(HttpContext context, DaysAtHand held, CancellationToken cancellationToken)
    {
        await using var rows = RowWriter.Of(format, query.Fields);
        var writing = services.Sender.BeginLong(context, held.Release);
        var freshness = default(Freshness);
        var isRangeEmpty = true;
        await foreach (var part in services.Download.ReadAsync(query, held, cancellationToken))
        {
            if (ReferenceEquals(part, DownloadPart.BeforeWait) && isStarted && !await rows.FlushAsync(writing, cancellationToken))
            {
                return;
            }

            isRangeEmpty &= part.IsRangeEmpty;
            freshness = part.Freshness;
            foreach (var message in part.Items)
            {
                Start(context.Response, freshness);
                if (HttpMethods.IsHead(context.Request.Method))
                {
                    return;
                }

                rows.Write(message);
                count++;
                if (rows.Length >= AnswerSender.SliceBytes && !await rows.FlushAsync(writing, cancellationToken))
                {
                    return;
                }
            }

            if (part.Failure is { } failure)
            {
                if (!isStarted || await rows.FlushAsync(writing, cancellationToken))
                {
                    await FailAsync(context, failure);
                }

                return;
            }
        }

        if (isRangeEmpty && ofNoRecords is not null)
        {
            await ofNoRecords.ExecuteAsync(context);
            return;
        }

        Start(context.Response, freshness);
        await rows.FlushAsync(writing, cancellationToken);
    }

    private void Start(HttpResponse response, Freshness freshness)
    {
        if (isStarted)
        {
            return;
        }

        isStarted = true;
        var isCsv = format == AnswerFormat.Csv;
        response.ContentType = isCsv ? "text/csv; charset=utf-8; header=present" : AnswerFormats.Ndjson;
        response.Headers.ContentDisposition = $"attachment; filename=messages.{(isCsv ? "csv" : "ndjson")}";
        freshness.ApplyToDownload(response.Headers);
    }

    private async Task FailAsync(HttpContext context, UpstreamFailure failure)
    {
        if (!isStarted)
        {
            await ProblemResult.Of(failure).ExecuteAsync(context);
            return;
        }

        Log.Cut(context.RequestServices.GetRequiredService<ILogger<DownloadResult>>(), failure.Error);
        context.Abort();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "WEBSMS failed in the middle of a download ({Error}); the connection was cut.")]
        public static partial void Cut(ILogger logger, UpstreamError error);
    }

    /// <summary>Turns messages into bytes, a buffer at a time.</summary>
    private abstract class RowWriter : IAsyncDisposable
    {
        protected MemoryStream Buffer { get; } = new();

        public long Length => Buffer.Length;

        public static RowWriter Of(AnswerFormat format, MessageFields fields) =>
            format == AnswerFormat.Csv ? new CsvRows(fields) : new NdjsonRows(fields);

        public abstract void Write(Message message);

        /// <inheritdoc cref="AnswerWriting.WriteAsync"/>
        public virtual async Task<bool> FlushAsync(AnswerWriting writing, CancellationToken cancellationToken)
        {
            var isTaken = await writing.WriteAsync(Buffer.GetBuffer().AsMemory(0, (int)Buffer.Length));
            Buffer.SetLength(0);
            return isTaken;
        }

        public virtual ValueTask DisposeAsync() => Buffer.DisposeAsync();
    }

    private sealed class NdjsonRows(MessageFields fields) : RowWriter
    {
        public override void Write(Message message)
        {
            Buffer.Write(message.JsonWith(fields).Span);
            Buffer.WriteByte((byte)'\n');
        }
    }

    private sealed partial class CsvRows : RowWriter
    {
        // A text that a spreadsheet would run as a formula gets an apostrophe in front. CsvHelper does not check for a line feed by
        // default, but a spreadsheet that trims its cells runs the text behind it.
        private static readonly CsvWriterOptions Options =
            CsvWriterOptions.Default with { Injection = CsvInjection.Escape, InjectionCharacters = "=@+-\t\r\n" };

        private readonly CsvWriter csv;
        private readonly MessageFields fields;

        public CsvRows(MessageFields fields)
        {
            this.fields = fields;
            // Without the mark Excel takes the text for windows-1251 or another code page of its machine.
            Buffer.Write(Encoding.UTF8.Preamble);
            csv = CsvWriter.Create(Buffer, Options, leaveOpen: true);
            string[] text = fields == MessageFields.All ? ["text"] : [];
            csv.WriteHeader(["id", "rentedNumber", "sender", "receivedAt", .. text, "code", "codeConfidence"]);
        }

        public override void Write(Message message)
        {
            csv.WriteField(message.Id.ToString());
            csv.WriteField(message.RentedNumber.ToString());
            csv.WriteField(Harmless(message.Sender.ToString()));
            csv.WriteField(message.ReceivedAt, "yyyy-MM-dd'T'HH:mm:sszzz");
            if (fields == MessageFields.All)
            {
                csv.WriteField(Harmless(message.Text));
            }

            // An origin-bound code is any run of characters, and so can be a formula.
            csv.WriteField(Harmless(message.Code?.Value ?? ""));
            csv.WriteField(message.Code?.ConfidenceName ?? "");
            csv.EndRecord();
        }

        /// <summary>
        /// Escapes formulas that CsvHelper does not find: full-width and small signs, and signs behind spaces, quotes, control characters and
        /// characters without width, which a spreadsheet may drop. A spreadsheet that separates cells by semicolon or tab, as in Russia, takes
        /// our quotes for letters, so a formula can also begin within a text.
        /// </summary>
        private static string Harmless(string text) => FormulaStart().Replace(text, "'");

        // Besides the categories for control, format and space: the fillers of Hangul, the blank of Braille, and the selectors of variants.
        [GeneratedRegex(
            """(?<=\A|[;\t\r\n])(?=[\p{Cc}\p{Cf}\p{Z}\s"'\u034F\u115F\u1160\u2800\u3164\uFE00-\uFE0F\uFFA0-[;\t\r\n]]*[=+\-@＝＋－＠﹦﹢﹣﹫])""",
            RegexOptions.CultureInvariant)]
        private static partial Regex FormulaStart();

        public override async Task<bool> FlushAsync(AnswerWriting writing, CancellationToken cancellationToken)
        {
            await csv.FlushAsync(cancellationToken);
            return await base.FlushAsync(writing, cancellationToken);
        }

        public override async ValueTask DisposeAsync()
        {
            await csv.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
