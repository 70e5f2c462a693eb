using System.Reflection;
using WebSmsGateway.Configuration;
using WebSmsGateway.Http;

namespace WebSmsGateway.Inbox;

/// <summary>
/// The page for people at <c>/inbox</c>. Its sources are in <c>src/WebSmsGateway.Inbox</c>, and what is built from them is committed in
/// <c>Page</c>. It needs no endpoints of its own: it reads what every caller can read.
/// </summary>
internal static class InboxFeature
{
    private const string Address = "/inbox";

    /// <summary>
    /// The scripts and styles of this page are files of this gateway, and nothing else runs. The page has no way to make markup out of text.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; "
        + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static void AddInbox(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<InboxOptions>(InboxOptions.Section);
        builder.Services.AddSingleton<InboxSettings>();
    }

    public static void MapInbox(this WebApplication app)
    {
        if (app.Services.GetRequiredService<InForce<InboxOptions>>().AtStartIfValid is not { Enabled: true })
        {
            return;
        }

        app.MapInboxFiles(typeof(InboxFeature).Assembly);

        // The settings are read when the page is: a start with faulty ones still has to report them all.
        var page = new Lazy<PageFile>(() => PageFile.Of(typeof(InboxFeature).Assembly, PageFile.Index)
            .With(app.Services.GetRequiredService<InboxSettings>().InsertInto));

        // Addresses in the page are relative to the folder above it.
        app.MapFile(Address, context => context.Request.Path.Value is [.., '/']
            ? TypedResults.Redirect("../inbox").ExecuteAsync(context)
            : SendAsync(context, page.Value)).WithMetadata(new StartPage(1, "inbox"));
    }

    /// <summary>Serves the files beside the page that an assembly holds. The sandbox has some of its own.</summary>
    public static void MapInboxFiles(this WebApplication app, Assembly assembly)
    {
        foreach (var file in PageFile.AllOf(assembly).Where(file => file.Name != PageFile.Index))
        {
            app.MapFile("/" + file.Name, context => SendAsync(context, file));
        }
    }

    private static IEndpointConventionBuilder MapFile(this WebApplication app, string path, RequestDelegate handler) =>
        app.MapGet(path, handler).ExcludeFromDescription();

    private static Task SendAsync(HttpContext context, PageFile file)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return file.Body.SendAsync(context, context.RequestServices.GetRequiredService<AnswerSender>());
    }
}
