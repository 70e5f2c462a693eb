using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Feed;

/// <summary>A stream that stays open until its reader leaves or is too slow, or the process stops.</summary>
internal sealed class StreamResult(MessageStream stream, MessageQuery query, Following following, IDisposable lease) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [EventWriter.MediaType]));
        builder.Metadata.Add(new ProblemAnswers(ProblemCode.Stopping));
        builder.Metadata.Add(new AnswerExample(
            EventWriter.MediaType, $"event: message\nid: c3RhcnQ\ndata: {AnswerExample.Message}\n\n",
            "Server-Sent Events; `data` is a message, or with `event: problem` a problem."));
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (lease)
        using (following)
        {
            await stream.RunAsync(httpContext, query, following);
        }
    }
}
