using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;

namespace WebSmsGateway.Webhooks;

/// <summary>An answer with 200 that nobody may keep.</summary>
internal sealed class WebhookAnswer<T>(T answer, JsonTypeInfo<T> type) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [CachedJson.MediaType]));

    public Task ExecuteAsync(HttpContext httpContext) => JsonAnswers.SendAsync(httpContext, StatusCodes.Status200OK, answer, type);
}

/// <summary>An order that is carried out later: 202.</summary>
internal sealed class WebhookAccepted(WebhookReplay replay) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(WebhookReplay), [CachedJson.MediaType]));

    public Task ExecuteAsync(HttpContext httpContext) =>
        JsonAnswers.SendAsync(httpContext, StatusCodes.Status202Accepted, replay, WebhookJson.Default.WebhookReplay);
}

/// <summary>The problems of webhooks, whose requests do not read WEBSMS.</summary>
internal sealed class WebhookProblem : IResult, IEndpointMetadataProvider
{
    public static readonly WebhookProblem NotFound = new(ProblemResult.Of(ProblemCode.NotFound, "The caller has no webhook with this name."));

    public static readonly WebhookProblem NotSaved = new(ProblemResult.Of(
        ProblemCode.Overloaded, "The order could not be saved, because the store of the state does not answer. Try again."));

    private readonly ProblemResult problem;

    private WebhookProblem(ProblemResult problem) => this.problem = problem;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(new ProblemAnswers(ProblemCode.NotFound));

    public Task ExecuteAsync(HttpContext httpContext) => problem.ExecuteAsync(httpContext);
}

/// <summary>Sends small answers.</summary>
internal static class JsonAnswers
{
    public static Task SendAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, type);
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
