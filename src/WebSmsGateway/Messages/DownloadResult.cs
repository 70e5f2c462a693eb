using System.Text.RegularExpressions;
using CsvHelper;
using WebSmsGateway.Archive;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>
/// A whole range as a download, written stretch by stretch as the archive gives it, so that its memory does not grow with the
/// range. A failure of WEBSMS before the first message is a problem as ever; after it the connection is cut, because a download
/// that ended early must not look whole.
/// </summary>
internal sealed partial class DownloadResult(MessageQuery query, AnswerFormat format, PageServices services, ProblemResult? ofNoRecords)
    : IResult
{
    private const int FlushAt = 64 * 1024;

    private bool isStarted;
    private int count;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await WriteAsync(httpContext, httpContext.RequestAborted);
        }
        finally
        {
            // What was given was read, however the download ended.
            if (isStarted)
            {
                services.Audit.Read(httpContext.GetCaller(), query, count);
            }
        }
    }

    private async Task WriteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (stretches, builder) = services.Reader.Open(query, cancellationToken);
        await using var rows = RowWriter.Of(format);
        var freshness = default(Freshness);
        await foreach (var read in stretches)
        {
            if (read.Failure is { } failure)
            {
                await FailAsync(context, failure);
                return;
            }

            freshness = read.Freshness;
            var isFull = builder.IsFullAfter(read.Records);
            foreach (var message in builder.Take())
            {
                Start(context.Response, freshness);
                if (HttpMethods.IsHead(context.Request.Method))
                {
                    return;
                }

                rows.Write(message);
                count++;
                if (rows.Length >= FlushAt)
                {
                    await rows.FlushAsync(context.Response.Body, cancellationToken);
                }
            }

            if (isStarted)
            {
                await rows.FlushAsync(context.Response.Body, cancellationToken);
            }

            if (isFull)
            {
                break;
            }
        }

        if (builder.IsRangeEmpty && ofNoRecords is not null)
        {
            await ofNoRecords.ExecuteAsync(context);
            return;
        }

        Start(context.Response, freshness);
        await rows.FlushAsync(context.Response.Body, cancellationToken);
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

    private async Task FailAsync(HttpContext context, Upstream.UpstreamFailure failure)
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
        public static partial void Cut(ILogger logger, Upstream.UpstreamError error);
    }

    /// <summary>Turns messages into bytes, a buffer at a time.</summary>
    private abstract class RowWriter : IAsyncDisposable
    {
        protected MemoryStream Buffer { get; } = new();

        public long Length => Buffer.Length;

        public static RowWriter Of(AnswerFormat format) => format == AnswerFormat.Csv ? new CsvRows() : new NdjsonRows();

        public abstract void Write(Message message);

        public virtual async Task FlushAsync(Stream target, CancellationToken cancellationToken)
        {
            await target.WriteAsync(Buffer.GetBuffer().AsMemory(0, (int)Buffer.Length), cancellationToken);
            await target.FlushAsync(cancellationToken);
            Buffer.SetLength(0);
        }

        public virtual ValueTask DisposeAsync() => Buffer.DisposeAsync();
    }

    private sealed class NdjsonRows : RowWriter
    {
        public override void Write(Message message)
        {
            Buffer.Write(message.Json);
            Buffer.WriteByte((byte)'\n');
        }
    }

    private sealed partial class CsvRows : RowWriter
    {
        // Escape: what a spreadsheet would run as a formula gets an apostrophe in front. A line feed is not among the characters that
        // CsvHelper looks for, but spreadsheets that trim their cells see what is behind it.
        private static readonly CsvWriterOptions Options =
            CsvWriterOptions.Default with { Injection = CsvInjection.Escape, InjectionCharacters = "=@+-\t\r\n" };

        private readonly CsvWriter csv;

        public CsvRows()
        {
            csv = CsvWriter.Create(Buffer, Options, leaveOpen: true);
            csv.WriteHeader(["id", "rentedNumber", "sender", "receivedAt", "text"]);
        }

        public override void Write(Message message)
        {
            csv.WriteField(message.Id.ToString());
            csv.WriteField(message.RentedNumber.ToString());
            csv.WriteField(Harmless(message.Sender.ToString()));
            csv.WriteField(message.ReceivedAt, "yyyy-MM-dd'T'HH:mm:sszzz");
            csv.WriteField(Harmless(message.Text));
            csv.EndRecord();
        }

        /// <summary>
        /// The same for what CsvHelper does not see: wide signs and what stands behind spaces; and the beginning of a cell within a text,
        /// where the spreadsheet takes a semicolon or a tab for the separator, as it does in Russia, and our quotes for letters.
        /// </summary>
        private static string Harmless(string text) => FormulaStart().Replace(text, "'");

        [GeneratedRegex("""(?<=\A|[;\t\r\n])(?=[^\S\t\r\n]*["'\uFEFF]*[=+\-@＝＋－＠])""", RegexOptions.CultureInvariant)]
        private static partial Regex FormulaStart();

        public override async Task FlushAsync(Stream target, CancellationToken cancellationToken)
        {
            await csv.FlushAsync(cancellationToken);
            await base.FlushAsync(target, cancellationToken);
        }

        public override async ValueTask DisposeAsync()
        {
            await csv.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
