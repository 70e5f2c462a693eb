using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>The subject of a token names its caller in the log. Many issuers use telephone numbers as subjects.</summary>
public sealed class TokenNameTests : IAsyncLifetime
{
    private TestIssuer issuer = null!;

    public async Task InitializeAsync() => issuer = await TestIssuer.StartAsync();

    public async Task DisposeAsync() => await issuer.DisposeAsync();

    [Theory]
    [InlineData("79161112233", "jwt:7916*****33")]
    [InlineData("+79161112233", "jwt:7916*****33")]
    [InlineData("+7 (916) 111-22-33", "jwt:7916*****33")]
    [InlineData("8.916.111.22.33", "jwt:8916*****33")]
    [InlineData("tel:+79161112233", "jwt:tel:7916*****33")]
    [InlineData("sms|79161112233|shop", "jwt:sms|7916*****33|shop")]
    [InlineData("79161112233@s.whatsapp.net", "jwt:7916*****33@s.whatsapp.net")]
    [InlineData("1112233", "jwt:1*****")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000", "jwt:550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("alice-42", "jwt:alice-42")]
    [InlineData("user_20240520", "jwt:user_20240520")]
    public async Task Subject_ThatIsATelephoneNumber_IsMaskedInTheLog(string subject, string name)
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await using var gateway = RunningGateway.Start(
            simulator, simulator.NewAccount(), clock: null, [.. issuer.Settings.Select(setting => (setting.Key, (string?)setting.Value))]);
        using var client = gateway.NewClient(key: null);
        client.DefaultRequestHeaders.Authorization = new("Bearer", issuer.Token("*", token => token.Claims["sub"] = subject));

        using var answer = await client.GetAsync(new Uri("/messages", UriKind.Relative));

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains(gateway.Logs.Lines, line => line.Contains($"AuditLog {name} read 0 messages", StringComparison.Ordinal));
        var digits = string.Concat(subject.Where(char.IsAsciiDigit));
        Assert.DoesNotContain(gateway.Logs.Lines, line => name.Contains('*') && (line.Contains(subject, StringComparison.Ordinal) || line.Contains(digits, StringComparison.Ordinal)));
    }
}
