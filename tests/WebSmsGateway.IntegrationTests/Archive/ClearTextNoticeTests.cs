using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Archive;

public sealed class ClearTextNoticeTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Theory]
    [InlineData("127.0.0.1:1", null, 1)]
    [InlineData("127.0.0.1:1", Key, 0)]
    [InlineData("", null, 0)]
    public async Task Start_WithRedis_SaysOnceThatTextsLieThereInClearUnlessTheyAreEncrypted(string redis, string? key, int lines)
    {
        await using var gateway = RunningGateway.Start(
            clock: null,
            [
                ("Upstream:Username", "demo"), ("Upstream:Password", "demo"), ("Cache:Redis", redis),
                .. key is null ? [] : new (string, string?)[] { ("Cache:EncryptionKeys:0", key) },
            ]);

        Assert.Equal(lines, gateway.Logs.Lines.Count(line => line.Contains("Texts lie in Redis in clear", StringComparison.Ordinal)));
    }
}
