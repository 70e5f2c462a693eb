using System.Globalization;
using Microsoft.Extensions.Options;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Upstream;

/// <summary>Makes one attempt: sends the question, reads the answer, judges it. Only the caller's own cancellation is thrown.</summary>
internal sealed class UpstreamCall(IWebSmsApi api, IOptions<UpstreamOptions> settings, UpstreamPassword password, AnswerRoom room, TimeProvider time)
{
    private readonly WebSmsClock clock = new();
    private readonly UpstreamOptions options = settings.Value;
    private readonly string format = settings.Value.Format.ToString().ToLowerInvariant();
    private readonly int limit = settings.Value.MaxAnswerMegabytes * 1024 * 1024;

    public ValueTask<Attempt> MakeAsync(UpstreamQuestion question, CancellationToken cancellationToken) =>
        MakeAsync(question, options.Method, cancellationToken);

    public async ValueTask<Attempt> MakeAsync(UpstreamQuestion question, UpstreamMethod method, CancellationToken cancellationToken)
    {
        using var deadline = new AttemptDeadline(options.Timeout, time, cancellationToken);
        var askedAt = time.GetUtcNow();
        try
        {
            using var response = await SendAsync(question, method, deadline.Token);
            return (int)response.StatusCode switch
            {
                200 => await ReadAsync(question, response, askedAt, deadline),
                >= 500 => Attempt.ServerError,
                >= 300 and < 400 => Attempt.Invalid("WEBSMS answered with a redirect, which is not followed."),
                _ => Attempt.Invalid("WEBSMS answered with an unexpected HTTP status."),
            };
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever shape the abort took on its way up.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception) when (deadline.HasPassed)
        {
            return Attempt.TimedOut;
        }
        catch (OperationCanceledException)
        {
            // The handler's own limit for connecting.
            return Attempt.TimedOut;
        }
        catch (Exception exception) when (Find<HttpRequestException>(exception) is not null)
        {
            return Attempt.Broken(Find<HttpRequestException>(exception)!);
        }
        catch (IOException)
        {
            return Attempt.Cut;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(UpstreamQuestion question, UpstreamMethod method, CancellationToken cancellationToken)
    {
        var (from, through, number) = (Moment(question.From), Moment(question.Through), question.RentedNumber?.ToString());
        if (method == UpstreamMethod.Get)
        {
            return await api.GetFeedbackAsync(
                options.Username, password.Current, from, through, telnum: null, number, format, cancellationToken);
        }

        (string Name, string? Value)[] fields =
        [
            ("http_username", options.Username), ("http_password", password.Current), ("startdate", from), ("enddate", through),
            ("rentnum", number), ("format", format),
        ];
        using var form = new FormUrlEncodedContent(
            from field in fields where field.Value is not null select KeyValuePair.Create(field.Name, field.Value));
        return await api.PostFeedbackAsync(form, cancellationToken);
    }

    private async Task<Attempt> ReadAsync(
        UpstreamQuestion question, HttpResponseMessage response, DateTimeOffset askedAt, AttemptDeadline deadline)
    {
        var charge = room.Open();
        try
        {
            var attempt = await ReadAsync(question, response, askedAt, charge, deadline);
            if (attempt.Answer.Failure is not null || attempt.IsNetworkFault)
            {
                return attempt;
            }

            // The records stay in memory until they are merged.
            charge.EndReading();
            var held = charge;
            charge = null;
            return attempt with { Answer = attempt.Answer with { Room = held } };
        }
        finally
        {
            charge?.Dispose();
        }
    }

    private async Task<Attempt> ReadAsync(
        UpstreamQuestion question, HttpResponseMessage response, DateTimeOffset askedAt, AnswerCharge charge, AttemptDeadline deadline)
    {
        var ahead = clock.Ahead(response.Headers.Date, askedAt, time.GetUtcNow());
        using var body = await AnswerBody.ReadAsync(response, limit, charge, deadline);
        if (body.Failure is { } failure)
        {
            return Attempt.Failed(failure);
        }

        var charset = response.Content.Headers.ContentType?.CharSet?.Trim('"', '\'', ' ');
        var document = WireReader.Read(body.Bytes, charset, body.End, deadline.Token);
        Count(document);
        return AnswerReading.Judge(question, document, askedAt, ahead, body.Bytes.Length);
    }

    private static void Count(WireDocument document)
    {
        if (document.WasRecovered)
        {
            GatewayMetrics.AnswerRecovered(MetricLabel.Of(document.Format));
        }

        foreach (var problem in document.Problems)
        {
            GatewayMetrics.RecordsUnreadable(MetricLabel.Of(problem.Reason), problem.Count);
        }
    }

    private static string Moment(DateTime local) => local.ToString("dd'.'MM'.'yyyy HH':'mm':'ss", CultureInfo.InvariantCulture);

    // Refit hands transport faults on inside an exception of its own, whose text holds the address: it is never read.
    private static T? Find<T>(Exception? exception)
        where T : Exception => exception is null or T ? (T?)exception : Find<T>(exception.InnerException);
}
