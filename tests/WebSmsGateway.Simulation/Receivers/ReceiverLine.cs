using System.Net;
using WebSmsGateway.Configuration;
using WebSmsGateway.Simulation.Worlds;
using WebSmsGateway.Webhooks;

namespace WebSmsGateway.Simulation.Receivers;

/// <summary>The network between one process and the receivers. A process that is killed or frozen hears nothing of an answer.</summary>
internal sealed class ReceiverLine(World world, ReplicaRun run) : HttpMessageHandler
{
    [ThreadStatic]
    private static ReceiverLine? current;

    /// <summary>The line that the sender of webhooks has in place of its own network.</summary>
    public static HttpMessageHandler Current() => current!;

    public static WebhookSender SenderOf(World world, ReplicaRun run, InForce<WebhooksOptions> options)
    {
        current = new ReceiverLine(world, run);
        return new WebhookSender(options, run.Clock);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var receiver = world.Receivers!.All[int.Parse(request.RequestUri!.AbsolutePath.AsSpan(1))];
        var (id, body) = (request.Headers.GetValues("webhook-id").Single(), await request.Content!.ReadAsStringAsync(cancellationToken));
        world.Receivers.Oracle.Send(receiver, run, id, body);
        await Task.Delay(receiver.Setting.Latency / 2, run.Clock, cancellationToken);
        if (receiver.IsAway)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The receiver is away.");
        }

        // A receiver goes on although the sender has given up.
        var status = await receiver.ReceiveAsync(run, id, body).WaitAsync(cancellationToken);
        await Task.Delay(receiver.Setting.Latency / 2, run.Clock, cancellationToken);
        return new HttpResponseMessage((HttpStatusCode)status);
    }
}
