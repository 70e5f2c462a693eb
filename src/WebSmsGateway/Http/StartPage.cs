namespace WebSmsGateway.Http;

/// <summary>Metadata of a page for people, to which a browser at the root is sent on.</summary>
/// <param name="Order">The page with the lowest order is the one.</param>
/// <param name="Path">The path, relative to the root.</param>
internal sealed record StartPage(int Order, string Path);
