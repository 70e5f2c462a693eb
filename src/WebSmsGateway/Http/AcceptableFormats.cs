using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using WebSmsGateway.Errors;

namespace WebSmsGateway.Http;

/// <summary>Answers 406 if a caller's <c>Accept</c> refuses every media type in which an endpoint can answer.</summary>
internal static class AcceptableFormats
{
    private const string Anything = "*/*";

    public static RouteGroupBuilder RequireAcceptableFormat(this RouteGroupBuilder group)
    {
        group.WithMetadata(new ProblemAnswers(ProblemCode.NotAcceptable));
        return group.AddEndpointFilter((context, next) => IsAcceptable(context.HttpContext)
            ? next(context)
            : ValueTask.FromResult<object?>(ProblemResult.Of(ProblemCode.NotAcceptable)));
    }

    /// <summary>
    /// Whether one of these media types may be sent. A request without <c>Accept</c>, or with one that cannot be read, takes everything.
    /// </summary>
    public static bool Any(IEnumerable<string> offered, IList<MediaTypeHeaderValue> accepted) =>
        accepted.Count == 0 || offered.Any(type => MediaPreference.For(type, accepted).Quality > 0);

    private static bool IsAcceptable(HttpContext context)
    {
        var header = context.Request.Headers.Accept;
        if (header.Count == 0 || (header.Count == 1 && header[0] == Anything))
        {
            return true;
        }

        // The signature of the handler says what a good answer can be. One without a body has no media type.
        var offered = context.GetEndpoint()!.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
            .Where(answer => answer.StatusCode is >= 200 and < 300)
            .SelectMany(answer => answer.ContentTypes)
            .ToList();
        return offered.Count == 0 || Any(offered, context.Request.GetTypedHeaders().Accept);
    }
}
