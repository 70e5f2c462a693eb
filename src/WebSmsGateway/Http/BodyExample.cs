namespace WebSmsGateway.Http;

/// <summary>A body of a request. What it does not know is refused.</summary>
internal interface IRequestBody;

/// <summary>Metadata of an endpoint: the body that its requests may have.</summary>
/// <param name="Type">The type that the OpenAPI document shows.</param>
/// <param name="Body">An example.</param>
/// <param name="Description">What is left out, and what an empty body means.</param>
internal sealed record BodyExample(Type Type, string Body, string Description);
