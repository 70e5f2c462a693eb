using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Virtual;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>
/// The line from one replica to WEBSMS, with its attempts as the real client makes them. A killed replica hears nothing more.
/// </summary>
internal sealed class WebsmsLine(
    WorldSetting setting, VirtualTime time, VirtualClock clock, Websms websms, IQuestionWitness witness) : IUpstream
{
    private readonly WebSmsClock there = new();

    public async Task<UpstreamAnswer> AskAsync(UpstreamQuestion question, CancellationToken cancellationToken)
    {
        witness.Asked(question);
        (Attempt Result, WebsmsAnswer? Answer)? cut = null;
        for (var attempt = 0; ; attempt++)
        {
            var (result, answer) = await AttemptAsync(question, cancellationToken);
            if (result.IsNetworkFault && !(result.Answer.Records.Count < cut?.Result.Answer.Records.Count))
            {
                // The cut answer with the most records stands where no attempt brings a whole one.
                cut = (result, answer);
            }

            if (result.IsNetworkFault && attempt < setting.Retries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 << attempt), clock, cancellationToken);
                continue;
            }

            (result, answer) = result.IsNetworkFault ? cut!.Value : (result, answer);
            witness.Answered(question, result.Answer, answer);
            return result.Answer;
        }
    }

    private async Task<(Attempt Attempt, WebsmsAnswer? Answer)> AttemptAsync(UpstreamQuestion question, CancellationToken cancellationToken)
    {
        var askedAt = clock.GetUtcNow();
        var latency = setting.Latency + websms.Faults.ExtraLatency(time.Elapsed);
        if (websms.Faults.IsHanging(time.Elapsed) || latency > WorldSetting.Timeout)
        {
            await Task.Delay(WorldSetting.Timeout, clock, cancellationToken);
            return (Attempt.TimedOut, null);
        }

        await Task.Delay(latency / 2, clock, cancellationToken);
        if (websms.Faults.IsFailing(time.Elapsed) || websms.Faults.IsBadDay(time.Elapsed, question.From, question.Through))
        {
            return (Attempt.ServerError, null);
        }

        var answer = websms.Answer(question);
        var date = DateTimeOffset.FromUnixTimeSeconds(websms.Now.ToUnixTimeSeconds());
        await Task.Delay(latency / 2, clock, cancellationToken);
        var records = answer.Given.ConvertAll(record => record.Sms.Record);
        records.AddRange(answer.Strays);
        var document = new WireDocument
        {
            IsProtocol = true,
            Format = WireFormat.Json,
            End = answer.IsCut ? WireEnd.Cut : WireEnd.Proven,
            ErrorNumber = records.Count == 0 && answer.Problems.Count == 0 && !answer.IsCut ? 4 : null,
            Records = records,
            Problems = answer.Problems,
        };
        var ahead = there.Ahead(date, askedAt, clock.GetUtcNow());
        return (AnswerReading.Judge(question, document, askedAt, ahead, 100L * records.Count), answer);
    }
}

/// <summary>Sees the questions of one replica and what it got.</summary>
internal interface IQuestionWitness
{
    void Asked(UpstreamQuestion question);

    void Answered(UpstreamQuestion question, UpstreamAnswer result, WebsmsAnswer? answer);
}
