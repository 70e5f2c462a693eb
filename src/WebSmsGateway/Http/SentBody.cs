namespace WebSmsGateway.Http;

/// <summary>Metadata of an endpoint: a body that the gateway sends to receivers, which the OpenAPI document shows under <c>x-webhooks</c>.</summary>
/// <param name="Type">The <c>type</c> in the body.</param>
/// <param name="Summary">When it is sent.</param>
/// <param name="Data">The type of its <c>data</c>; null where the example shows all of it.</param>
/// <param name="Example">An example.</param>
internal sealed record SentBody(string Type, string Summary, Type? Data, string Example);
