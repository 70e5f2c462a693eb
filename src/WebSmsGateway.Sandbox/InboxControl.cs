using Microsoft.AspNetCore.Http.Features;
using WebSmsGateway.Authentication;
using WebSmsGateway.Inbox;

namespace WebSmsGateway.Sandbox;

/// <summary>
/// The part of the inbox that only the sandbox has: it sends SMS and sets the faults of the simulator. The page may talk to its own origin
/// only, so the sandbox passes these requests on. They need the key, so that no page of another site can send them.
/// </summary>
internal static class InboxControl
{
    private const int MaxBodyBytes = 64 * 1024;

    public static void MapInboxControl(this WebApplication gateway, HttpClient simulator)
    {
        gateway.MapInboxFiles(typeof(InboxControl).Assembly);
        var control = gateway.MapGroup("/inbox/simulator").RequireCaller().ExcludeFromDescription();
        control.MapPost("/messages", context => PassOnAsync(context, simulator, "simulator/messages"));
        control.MapGet("/behaviour", context => PassOnAsync(context, simulator, "simulator/behaviour"));
        control.MapPut("/behaviour", context => PassOnAsync(context, simulator, "simulator/behaviour"));
    }

    private static async Task PassOnAsync(HttpContext context, HttpClient simulator, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), path);
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            // The gateway itself needs less.
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBodyBytes;
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            request.Content = new ByteArrayContent(body.ToArray());
        }

        using var response = await simulator.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
