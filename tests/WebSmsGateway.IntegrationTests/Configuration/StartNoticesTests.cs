using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Configuration;

/// <summary>What the start says to operators whose configuration leaves something unprotected.</summary>
public sealed class StartNoticesTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Theory]
    [InlineData("127.0.0.1:1", null, null, "Texts lie in Redis in clear. They are authenticated with a key from Upstream:Password")]
    [InlineData("127.0.0.1:1", null, Key, "Texts lie in Redis in clear. They are authenticated with a key from Messages:IdKey")]
    [InlineData("127.0.0.1:1", Key, null, "Values in Redis are encrypted and authenticated with Cache:EncryptionKeys")]
    [InlineData("", null, null, null)]
    public async Task Start_WithRedis_SaysOnceHowItsValuesAreProtected(string redis, string? key, string? idKey, string? said)
    {
        await using var gateway = RunningGateway.Start(
            clock: null,
            [
                ("Upstream:Username", "demo"), ("Upstream:Password", "demo"), ("Cache:Redis", redis),
                .. key is null ? [] : new (string, string?)[] { ("Cache:EncryptionKeys:0", key) },
                .. idKey is null ? [] : new (string, string?)[] { ("Messages:IdKey", idKey) },
            ]);

        var lines = gateway.Logs.Lines.Where(line => line.Contains("ClearTextNotice", StringComparison.Ordinal)).ToList();
        if (said is null)
        {
            Assert.Empty(lines);
        }
        else
        {
            Assert.Contains(said, Assert.Single(lines), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://cab.websms.example/", 1)]
    [InlineData("http://10.1.2.3:8080/", 1)]
    [InlineData("https://cab.websms.example/", 0)]
    [InlineData("http://127.0.0.1:5090/", 0)]
    [InlineData("http://localhost:5090/", 0)]
    public async Task Start_WithPlainHttpToAnotherMachine_SaysOnceThatEverybodyCanReadThePassword(string address, int lines)
    {
        await using var gateway = RunningGateway.Start(
            clock: null, ("Upstream:Username", "demo"), ("Upstream:Password", "demo"), ("Upstream:BaseAddress", address));

        Assert.Equal(
            lines,
            gateway.Logs.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)
                && line.Contains("Upstream:BaseAddress is plain http", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(Key, 0)]
    public async Task Start_WithoutAKeyOfIds_SaysOnceThatTheLoginStandsInForIt(string? idKey, int lines)
    {
        await using var gateway = RunningGateway.Start(
            clock: null, ("Upstream:Username", "demo"), ("Upstream:Password", "demo"), ("Messages:IdKey", idKey));

        Assert.Equal(lines, gateway.Logs.Lines.Count(line => line.Contains("Ids of messages are keyed with the WEBSMS login only", StringComparison.Ordinal)));
    }
}
