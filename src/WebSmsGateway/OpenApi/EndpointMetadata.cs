using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace WebSmsGateway.OpenApi;

/// <summary>Reads the metadata of endpoints.</summary>
internal static class EndpointMetadata
{
    public static IEnumerable<TMetadata> Metadata<TMetadata>(this ApiDescription endpoint) =>
        endpoint.ActionDescriptor.EndpointMetadata.OfType<TMetadata>();

    public static bool Needs<TMetadata>(this ApiDescription endpoint) => endpoint.Metadata<TMetadata>().Any();

    public static bool HasRouteValue(this ApiDescription endpoint, string name) =>
        endpoint.RelativePath?.Contains($"{{{name}}}", StringComparison.Ordinal) is true;
}
