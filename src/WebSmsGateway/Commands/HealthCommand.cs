namespace WebSmsGateway.Commands;

/// <summary>Asks a running gateway whether it is ready. It is the health check of an image without a shell.</summary>
internal static class HealthCommand
{
    public const string Name = "health";

    private const string Path = "/health/ready";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (args.Length > 1
            || !Uri.TryCreate(args.FirstOrDefault() ?? AddressOf(Environment.GetEnvironmentVariable), UriKind.Absolute, out var address))
        {
            await error.WriteLineAsync($"Usage: WebSmsGateway {Name} [http://127.0.0.1:8080{Path}]");
            return 1;
        }

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout };
        try
        {
            using var response = await client.GetAsync(address);
            await output.WriteLineAsync(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await error.WriteLineAsync(
                $"No answer from {address.Authority}: {(exception is HttpRequestException ? exception.Message : "it took too long")}");
            return 1;
        }
    }

    /// <summary>The address of the gateway in this container, from the variables that Kestrel reads.</summary>
    internal static string AddressOf(Func<string, string?> variable)
    {
        var url = (variable("ASPNETCORE_URLS") ?? variable("URLS"))?.Split(';').FirstOrDefault(
            url => url.StartsWith("http:", StringComparison.OrdinalIgnoreCase));
        var port = (variable("ASPNETCORE_HTTP_PORTS") ?? variable("HTTP_PORTS"))?.Split(';')[0];
        url ??= string.IsNullOrWhiteSpace(port) ? "http://127.0.0.1:5000" : $"http://127.0.0.1:{port}";
        foreach (var any in (string[])["//+", "//*", "//0.0.0.0", "//[::]"])
        {
            url = url.Replace(any, "//127.0.0.1", StringComparison.Ordinal);
        }

        return url.TrimEnd('/') + Path;
    }
}
