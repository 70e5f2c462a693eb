using WebSmsGateway.Model;

namespace WebSmsGateway.Feed;

/// <summary>A stream that stays open until its reader leaves, falls behind, or the process stops.</summary>
internal sealed class StreamResult(MessageStream stream, StreamRequest request, RentedNumber? number, IDisposable lease) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (lease)
        {
            await stream.RunAsync(httpContext, request, number);
        }
    }
}
