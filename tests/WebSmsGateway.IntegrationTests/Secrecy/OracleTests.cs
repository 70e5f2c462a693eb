using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Secrecy;

/// <summary>
/// Proxies log ids and entity tags. Whoever reads such a log, and knows number, sender, time and the words around a code, cannot find the code
/// by trying out all of them. Ids and tags were unkeyed hashes once, and it took seconds.
/// </summary>
public sealed class OracleTests
{
    private static readonly DateTime At = new(2024, 5, 20, 12, 0, 0);

    [Theory]
    [InlineData(null)]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public async Task IdAndTag_OfAMessage_AreFoundByNobodyWithoutTheKey(string? idKey)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2024, 5, 20, 15, 0, 0, TimeSpan.FromHours(3)));
        await using var simulator = await RunningSimulator.StartAsync(clock);
        var account = simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "900", TextOf(4711)) { LocalTime = At });
        await using var gateway = RunningGateway.Start(simulator, account, clock, ("Messages:IdKey", idKey));
        var page = await gateway.GetAsync("/messages?from=2024-05-20");
        var id = page.GetProperty("items")[0].GetProperty("id").GetString()!;
        using var answer = await gateway.Client.GetAsync(new Uri($"/messages/{id}", UriKind.Relative));
        var (tag, body) = (answer.Headers.ETag!.Tag.Trim('"'), await answer.Content.ReadAsByteArrayAsync());

        // The log reader has everything but the key. What it may try as a key is what it can guess.
        foreach (var guess in (byte[][])[[], Encoding.UTF8.GetBytes(RunningGateway.Number), new byte[32], Derived("guessed")])
        {
            Assert.DoesNotContain(Codes(), code => IdOf(guess, code) == id);
        }

        Assert.DoesNotContain(Codes(), code => UnkeyedIdOf(code) == id);
        Assert.NotEqual(tag, $"{XxHash64.HashToUInt64([.. "all"u8, .. body]):x16}");

        // With the key the same search finds it, so the search is right.
        var keys = gateway.Services.GetRequiredService<DerivedKeys>();
        Assert.Equal(4711, Codes().Single(code => IdOf(keys.Ids, code) == id));
        Assert.Equal(idKey is null, keys.Ids.SequenceEqual(Derived(account.Name)));
    }

    private static byte[] Derived(string login) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes($"login\n{login}"), 32, [], "websms-gateway message ids"u8.ToArray());

    private static IEnumerable<int> Codes() => Enumerable.Range(0, 10_000);

    private static string TextOf(int code) => $"Код {code:0000}. Никому не говорите его";

    private static string IdOf(byte[] key, int code) =>
        MessageId.Of(key, RentedNumber.Reported(RunningGateway.Number), Sender.Reported("900"), At, TextOf(code), 0).ToString();

    // The ids of the version before.
    private static string UnkeyedIdOf(int code)
    {
        var head = new byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(head, At.Ticks);
        var digest = SHA256.HashData([.. head, .. Encoding.UTF8.GetBytes($"{RunningGateway.Number}\0900\0{TextOf(code)}\0")]);
        return new MessageId(DateOnly.FromDateTime(At), BinaryPrimitives.ReadUInt64BigEndian(digest) >> 4).ToString();
    }
}
