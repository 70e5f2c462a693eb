using WebSmsGateway.Commands;

namespace WebSmsGateway.Tests.Commands;

public sealed class HealthCommandTests
{
    [Theory]
    [InlineData(null, null, "http://127.0.0.1:5000/health/ready")]
    [InlineData(null, "8080", "http://127.0.0.1:8080/health/ready")]
    [InlineData("http://+:8081", "8080", "http://127.0.0.1:8081/health/ready")]
    [InlineData("https://*:8443;http://[::]:8082/", null, "http://127.0.0.1:8082/health/ready")]
    [InlineData("http://0.0.0.0:80;http://10.0.0.1:81", null, "http://127.0.0.1:80/health/ready")]
    public void AddressOf_Variables_IsWhereKestrelListens(string? urls, string? ports, string expected) =>
        Assert.Equal(expected, HealthCommand.AddressOf(name => name switch
        {
            "ASPNETCORE_URLS" => urls,
            "ASPNETCORE_HTTP_PORTS" => ports,
            _ => null,
        }));

    [Fact]
    public async Task Run_NoAddress_ShowsTheUsage()
    {
        using var error = new StringWriter();

        Assert.Equal(1, await HealthCommand.RunAsync(["not an address"], TextWriter.Null, error));
        Assert.StartsWith("Usage: WebSmsGateway health", error.ToString(), StringComparison.Ordinal);
    }
}
