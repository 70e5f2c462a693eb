using CsvHelper;
using WebSmsGateway.Caching;
using WebSmsGateway.Errors;

namespace WebSmsGateway.Messages;

/// <summary>
/// A whole range as a download, written stretch by stretch as the archive gives it, so that its memory does not grow with the
/// range. A failure of WEBSMS before the first byte is a problem as ever; after it the connection is cut, because a download
/// that ended early must not look whole.
/// </summary>
internal sealed partial class DownloadResult(
    PageReader reader, PageQuery query, AnswerFormat format, Action<int> finished, ILogger<DownloadResult> logger) : IResult
{
    private const int FlushAt = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        var (stretches, builder) = reader.Open(query, cancellationToken);
        await using var writer = RowWriter.Of(format);
        var count = 0;
        await foreach (var read in stretches)
        {
            if (read.Failure is { } failure)
            {
                await FailAsync(httpContext, failure);
                return;
            }

            if (!httpContext.Response.HasStarted)
            {
                Start(httpContext.Response);
            }

            var isFull = builder.IsFullAfter(read.Segments);
            foreach (var message in builder.Take())
            {
                writer.Write(message);
                count++;
                if (writer.Length >= FlushAt)
                {
                    await writer.FlushAsync(httpContext.Response.Body, cancellationToken);
                }
            }

            await writer.FlushAsync(httpContext.Response.Body, cancellationToken);
            if (isFull)
            {
                break;
            }
        }

        if (!httpContext.Response.HasStarted)
        {
            Start(httpContext.Response);
            await writer.FlushAsync(httpContext.Response.Body, cancellationToken);
        }

        finished(count);
    }

    private void Start(HttpResponse response)
    {
        var isCsv = format == AnswerFormat.Csv;
        response.ContentType = isCsv ? "text/csv; charset=utf-8; header=present" : AnswerFormats.Ndjson;
        response.Headers.ContentDisposition = $"attachment; filename=messages.{(isCsv ? "csv" : "ndjson")}";
        response.Headers.CacheControl = "private, no-store";
        response.Headers.Vary = "Accept, Authorization, X-Api-Key";
    }

    private async Task FailAsync(HttpContext context, Upstream.UpstreamFailure failure)
    {
        if (!context.Response.HasStarted)
        {
            await ProblemResult.Of(failure).ExecuteAsync(context);
            return;
        }

        Log.Cut(logger, failure.Error);
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

    private sealed class CsvRows : RowWriter
    {
        // Escape: a text that a spreadsheet would run as a formula gets an apostrophe in front.
        private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with { Injection = CsvInjection.Escape };

        private readonly CsvWriter csv;

        public CsvRows()
        {
            csv = CsvWriter.Create(Buffer, Options, leaveOpen: true);
            csv.WriteHeader(["id", "rentedNumber", "sender", "receivedAt", "text"]);
        }

        public override void Write(Message message)
        {
            csv.WriteField(message.Id);
            csv.WriteField(message.RentedNumber);
            csv.WriteField(message.Sender);
            csv.WriteField(message.ReceivedAt, "yyyy-MM-dd'T'HH:mm:sszzz");
            csv.WriteField(message.Text);
            csv.EndRecord();
        }

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
